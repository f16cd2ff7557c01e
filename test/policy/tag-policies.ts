import fc from 'fast-check'
import { MODES } from '../../src/policy/mode.ts'
import { RULE_IDS } from '../../src/policy/rule-modes.ts'
import type { TagPolicy } from '../../src/policy/schema.ts'

/** Generated TagPolicies that are valid. */

const optional = { requiredKeys: [] }
const mode = fc.constantFrom(...MODES)
const day = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
// Names that YAML 1.1 would take for something else are among them: quoted, they are names.
const name = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/),
  fc.constantFrom('no', 'on', 'y', 'null', 'true', '1e3', '0x10', '2026-12-07'),
)
const namespaceGlobs = fc.array(fc.constantFrom('team-*', 'lab-?', 'no', '[a-c]*', '*', '42'), {
  minLength: 1,
  maxLength: 3,
})
const imageGlobs = fc.array(
  fc.constantFrom(
    'auto',
    'vendor.example.com/agent:*',
    'localhost:5000/foo:1.[0-9]',
    '**',
    'a@sha256:*',
    '1.20',
  ),
  { minLength: 1, maxLength: 3 },
)
const kindGlobs = fc.array(fc.constantFrom('edge-*', '*latest', 'team/*', '**/postgres:1[!0].*'), {
  maxLength: 3,
})
const dated = fc.oneof(
  fc.record({ mode: fc.constant('enforce' as const), enforceFrom: day }),
  fc.record({ mode }),
)
const reason = fc.stringMatching(/^[ -~\u00a1-\u00ff\n]{0,40}[a-z]$/)

const exemptions = fc.uniqueArray(
  fc.record(
    {
      name,
      images: imageGlobs,
      reason,
      containers: fc.array(fc.constantFrom('agent', 'side*'), { minLength: 1, maxLength: 2 }),
      namespaces: namespaceGlobs,
      rules: fc.uniqueArray(fc.constantFrom(...RULE_IDS), { minLength: 1 }),
      expires: day,
    },
    { requiredKeys: ['name', 'images', 'reason'] },
  ),
  { selector: (exemption) => exemption.name, maxLength: 4 },
)

const retention = fc.record(
  {
    default: fc.constantFrom('24h', '7d', '1d12h'),
    suffix: fc.constant(true),
    maximum: fc.record(
      { days: fc.integer({ min: 1, max: 90 }), months: fc.integer({ min: 0, max: 3 }) },
      optional,
    ),
  },
  { requiredKeys: ['default', 'suffix'] },
)

const cluster = fc.record(
  {
    namespaceOverride: fc.constantFrom('any' as const, 'stricter' as const, 'ignored' as const),
    controllers: fc.constantFrom('cluster' as const, 'builtIn' as const),
    registries: fc.uniqueArray(
      fc.record(
        {
          host: fc.constantFrom('docker.io', 'localhost:5000', 'registry.example.com'),
          retention,
          buildNumbers: fc.boolean(),
        },
        { requiredKeys: ['host'] },
      ),
      { selector: (registry) => registry.host },
    ),
    tagKinds: fc.record(
      { version: kindGlobs, latest: kindGlobs, partial: kindGlobs, floating: kindGlobs },
      optional,
    ),
    alwaysPullImages: fc.boolean(),
    trustedControllers: fc.array(fc.constant('system:serviceaccount:team-a:operator'), { maxLength: 2 }),
    workloads: fc.constantFrom(
      [],
      [
        {
          group: 'example.com',
          kind: 'Engine',
          resource: 'engines',
          longLived: true,
          images: [{ image: 'spec.image' }],
        },
      ],
      [
        {
          group: 'example.com',
          kind: 'Pipeline',
          resource: 'pipelines',
          podSpecs: ['spec.steps[*].template.spec'],
        },
      ],
    ),
  },
  optional,
)

const shared = {
  namespaceModes: fc.array(
    fc.tuple(namespaceGlobs, dated).map(([namespaces, rest]) => ({ namespaces, ...rest })),
    { maxLength: 3 },
  ),
  rules: fc.record(Object.fromEntries(RULE_IDS.map((id) => [id, mode])), optional),
  ephemeralContainers: mode,
  ownedObjects: mode,
  helpURL: fc.constant('https://wiki.example.com/image-tags?a=b#c'),
  exemptions,
}

/** A spec: what is optional may be absent; a day stands beside enforce only. */
const clusterWide = fc.tuple(dated, fc.record({ ...shared, cluster }, optional))
const forSome = fc.tuple(dated, fc.record({ ...shared, namespaces: namespaceGlobs }, optional))

export const tagPolicies: fc.Arbitrary<TagPolicy> = fc
  .oneof(
    clusterWide.map(([switches, rest]) => ({ name: 'default', spec: { ...switches, ...rest } })),
    fc.tuple(name, forSome).map(([name, [switches, rest]]) => ({ name, spec: { ...switches, ...rest } })),
  )
  // Plain objects, as a parser makes them: fast-check's records may have no prototype.
  .map(({ name, spec }) =>
    JSON.parse(
      JSON.stringify({ apiVersion: 'tallyman.dev/v1alpha1', kind: 'TagPolicy', metadata: { name }, spec }),
    ),
  )
