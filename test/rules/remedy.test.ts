import fc from 'fast-check'
import t from 'tap'
import { judge } from '../../src/judge.ts'
import { MODES } from '../../src/policy/mode.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import { RULE_IDS } from '../../src/policy/rule-modes.ts'
import { fillPlaceholders } from '../../src/rules/placeholders.ts'
import type { Remedy } from '../../src/rules/remedy.ts'
import { TAG_KIND_CASES } from '../fixtures/tag-kinds.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const VOLATILE = 'volatile-registry.console.elementai.com'
const KEEPING = 'registry.console.elementai.com'
const DIGEST = `@sha256:${'ab'.repeat(32)}`

const registry = fc.constantFrom(
  '',
  `${VOLATILE}/`,
  `${KEEPING}/`,
  'localhost:5000/',
  'registry.example.com/',
)
const suffix = fc.constantFrom(
  '',
  '',
  '',
  '-7days',
  '-120days',
  '-2months',
  '-9months',
  '-10day',
  '-2weeks',
  '-36hours',
)
const image = fc.oneof(
  fc
    .tuple(registry, fc.constantFrom(...TAG_KIND_CASES.map(([reference]) => reference)), suffix)
    .map(([host, reference, end]) => host + reference + end),
  fc
    .tuple(
      registry,
      fc.stringMatching(/^[a-z]{1,6}(\/[a-z]{1,6})?$/),
      fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/),
      suffix,
    )
    .map(([host, name, tag, end]) => `${host}${name}:${tag}${end}`),
  fc.stringMatching(/^[a-z]{1,6}(:[a-z0-9.]{1,6})?$/).map((name) => name + DIGEST),
  fc.string({ maxLength: 30 }),
)
const pullPolicy = fc.constantFrom(undefined, 'Always', 'IfNotPresent', 'Never')
const container = fc
  .record({ image, imagePullPolicy: pullPolicy })
  .map((each) => ({ name: 'main', ...JSON.parse(JSON.stringify(each)) }))
const volume = fc
  .record({ reference: image, pullPolicy })
  .map((each) => ({ name: 'data', image: JSON.parse(JSON.stringify(each)) }))

const spec = fc.record(
  {
    containers: fc.array(container, { minLength: 1, maxLength: 3 }),
    initContainers: fc.array(container, { maxLength: 2 }),
    volumes: fc.array(volume, { maxLength: 2 }),
    activeDeadlineSeconds: fc.constantFrom(3600, 100_000, 10_000_000),
  },
  { requiredKeys: ['containers'] },
)
const object = fc.oneof(
  spec.map((spec) => ({ group: '', kind: 'Pod', object: { spec } as object })),
  spec.map((spec) => ({
    group: 'apps',
    kind: 'Deployment',
    object: { spec: { template: { spec } } } as object,
  })),
  spec.map((spec) => ({ group: 'batch', kind: 'Job', object: { spec: { template: { spec } } } as object })),
  spec.map((spec) => ({
    group: 'serving.knative.dev',
    kind: 'Service',
    object: { spec: { template: { spec } } } as object,
  })),
)

const policyText = fc
  .record({
    mode: fc.constantFrom(...MODES),
    rules: fc.dictionary(fc.constantFrom(...RULE_IDS), fc.constantFrom(...MODES)),
    exemptions: fc.constantFrom(
      [],
      [{ name: 'vendor', images: ['**/redis:*'], rules: ['floatingTag'], reason: 'theirs' }],
    ),
    cluster: fc.record({
      alwaysPullImages: fc.boolean(),
      registries: fc.constantFrom(
        [],
        [{ host: VOLATILE, retention: { default: '24h', suffix: true, maximum: { days: 90, months: 3 } } }],
        [
          {
            host: VOLATILE,
            retention: { default: '24h', suffix: true, maximum: { days: 90, months: 3 } },
            buildNumbers: true,
          },
          { host: KEEPING },
        ],
      ),
      tagKinds: fc.constantFrom(
        {},
        { floating: ['edge-*'] },
        { floating: ['**'] },
        { version: ['[0-9]*.[0-9]*'] },
        { partial: ['r*'] },
      ),
    }),
  })
  .map((spec) =>
    JSON.stringify({
      apiVersion: 'tallyman.dev/v1alpha1',
      kind: 'TagPolicy',
      metadata: { name: 'default' },
      spec,
    }),
  )

/** Writes a remedy into the object as a person would: the image, and the pull policy beside it. */
function apply(root: object, field: string, remedy: Remedy, image: string | undefined): void {
  const steps = field.split(/[.[\]]+/).filter((step) => step !== '')
  const last = steps.pop() as string
  // biome-ignore lint/suspicious/noExplicitAny: the path leads through any JSON
  const parent = steps.reduce((at: any, step) => at[step], root)
  if (image !== undefined) parent[last] = fillPlaceholders(image)
  if (remedy.pullPolicy !== undefined) parent[remedy.pullPolicyField as string] = remedy.pullPolicy
}

for (const way of ['image', 'alternative'] as const) {
  t.test(`every remedy's ${way}, filled in and applied, leaves no finding`, async () => {
    fc.assert(
      fc.property(object, policyText, (judged, text) => {
        const policy = parsePolicy(text, 'policy.json')
        const before = structuredClone(judged.object)
        const namespace = { name: 'team-a', labels: {} }
        const { findings } = judge({ ...judged, namespace }, policy, NOW)
        const unknown = findings.filter(({ remedy }) => remedy() === undefined)
        for (const finding of unknown) {
          if (finding.rule !== 'invalidReference')
            throw new Error(`no remedy for ${finding.rule} of ${finding.image}`)
        }
        for (const finding of findings) {
          const remedy = finding.remedy()
          if (remedy !== undefined)
            apply(before, finding.container.field, remedy, remedy[way] ?? remedy.image)
        }
        const left = judge({ ...judged, object: before, namespace }, policy, NOW).findings
        if (left.length !== unknown.length) {
          const told = findings.map(({ image, remedy }) => [image, remedy()])
          throw new Error(
            `${JSON.stringify(told)} leaves ${JSON.stringify(left.map(({ rule, image }) => [rule, image]))}`,
          )
        }
      }),
      { numRuns: 2_000 },
    )
  })
}
