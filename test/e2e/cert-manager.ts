/** The name and the fields of one of cert-manager's kinds, as far as tallyman's objects use them. */
function definition(kind: string, plural: string, spec: Record<string, unknown>): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.cert-manager.io` },
    spec: {
      group: 'cert-manager.io',
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: object({ spec: object(spec) }) },
        },
      ],
    },
  }
}

function object(properties: Record<string, unknown>): object {
  return { type: 'object', properties }
}

const TEXT = { type: 'string' }
const TEXTS = { type: 'array', items: TEXT }

/**
 * cert-manager's kinds, written for these tests after its API reference (cert-manager.io/v1): what is not named is an
 * unknown field, so a slip in our objects is refused as there.
 */
export const CERT_MANAGER: readonly object[] = [
  definition('Certificate', 'certificates', {
    isCA: { type: 'boolean' },
    commonName: TEXT,
    secretName: TEXT,
    dnsNames: TEXTS,
    duration: TEXT,
    privateKey: object({
      algorithm: { type: 'string', enum: ['RSA', 'ECDSA', 'Ed25519'] },
      size: { type: 'integer' },
      rotationPolicy: { type: 'string', enum: ['Never', 'Always'] },
    }),
    usages: {
      type: 'array',
      items: {
        type: 'string',
        enum: ['digital signature', 'key encipherment', 'server auth', 'client auth'],
      },
    },
    issuerRef: object({ group: TEXT, kind: TEXT, name: TEXT }),
  }),
  definition('Issuer', 'issuers', { selfSigned: object({}), ca: object({ secretName: TEXT }) }),
]
