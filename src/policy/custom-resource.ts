import { API_VERSION, KIND, TagPolicySchema } from './schema.ts'
import { StatusSchema } from './status-schema.ts'
import { structuralSchema } from './structural-schema.ts'

const [GROUP = '', VERSION = ''] = API_VERSION.split('/')
const PLURAL = 'tagpolicies'

/** Where the API server has the TagPolicies. */
export const TAG_POLICIES_PATH = `/apis/${API_VERSION}/${PLURAL}`

/** What `kubectl get tagpolicies` shows (CustomResourceColumnDefinition). */
const COLUMNS = [
  {
    name: 'Mode',
    type: 'string',
    jsonPath: '.spec.mode',
    description: 'The switch; warn where it is empty.',
  },
  {
    name: 'Enforce from',
    type: 'string',
    jsonPath: '.spec.enforceFrom',
    description: 'The day from which mode enforce denies.',
  },
  {
    name: 'Namespaces',
    type: 'integer',
    jsonPath: '.status.namespaces.count',
    description: 'How many namespaces it holds in.',
  },
  {
    name: 'Exemptions',
    type: 'integer',
    jsonPath: '.status.exemptions.count',
    description: 'How many it has.',
  },
  {
    name: 'Ready',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Ready")].status',
    description: 'Whether it is in force as it is written.',
  },
  {
    name: 'Reason',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Ready")].message',
    description: 'Why, and what to do about it.',
    priority: 1,
  },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
]

/**
 * The CustomResourceDefinition of TagPolicy (apiextensions.k8s.io/v1), made of the one schema. It has no defaults: the API
 * server would write them into every object, and a later tallyman could not tell what somebody chose.
 */
export function customResourceDefinition(): object {
  const { apiVersion, kind, metadata, spec } = TagPolicySchema.properties
  const name = structuralSchema(metadata.properties.name)
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${PLURAL}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: 'Cluster',
      names: {
        kind: KIND,
        listKind: `${KIND}List`,
        plural: PLURAL,
        singular: KIND.toLowerCase(),
        shortNames: ['tagpol'],
      },
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: COLUMNS,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: TagPolicySchema.description,
              required: ['spec'],
              properties: {
                apiVersion: { type: apiVersion.type, description: `The version: ${API_VERSION}.` },
                kind: { type: kind.type, description: `The kind: ${KIND}.` },
                // Of the metadata only the name may be bounded here.
                metadata: { type: 'object', properties: { name } },
                spec: structuralSchema(spec, 'spec'),
                status: structuralSchema(StatusSchema, 'status'),
              },
              'x-kubernetes-validations': TagPolicySchema.rules,
            },
          },
        },
      ],
    },
  }
}
