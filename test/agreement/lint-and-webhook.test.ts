import fc from 'fast-check'
import t from 'tap'
import { stringify } from 'yaml'
import { admit } from '../../src/admission/admit.ts'
import { readReview } from '../../src/admission/review.ts'
import { lintManifest } from '../../src/cli/lint-finding.ts'
import { readManifests } from '../../src/cli/manifests.ts'
import { defaultPullPolicy } from '../../src/image/pull-policy.ts'
import { MODES } from '../../src/policy/mode.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import { RULE_IDS } from '../../src/policy/rule-modes.ts'
import { TAG_KIND_CASES } from '../fixtures/tag-kinds.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const RUNS = 1_000

const container = fc
  .record(
    {
      name: fc.constantFrom('main', 'agent', 'istio-proxy'),
      image: fc.constantFrom(...TAG_KIND_CASES.map(([reference]) => reference), 'auto'),
      imagePullPolicy: fc.constantFrom('Always', 'IfNotPresent', 'Never'),
    },
    { requiredKeys: ['name'] },
  )
  .map((each) => ({ ...each }))
const podSpec = fc.record({
  containers: fc.array(container, { minLength: 1, maxLength: 3 }),
  initContainers: fc.array(container, { maxLength: 2 }),
})
type PodSpec = { containers: Filled[]; initContainers: Filled[] }
type Filled = { image?: string; imagePullPolicy?: string }

const KINDS = [
  ['v1', 'Pod', (spec: object) => ({ spec })],
  ['apps/v1', 'Deployment', (spec: object) => ({ spec: { template: { spec } } })],
  ['batch/v1', 'Job', (spec: object) => ({ spec: { template: { spec } } })],
  [
    'kubeflow.org/v1',
    'PyTorchJob',
    (spec: object) => ({ spec: { pytorchReplicaSpecs: { Worker: { template: { spec } } } } }),
  ],
  [
    'trainer.kubeflow.org/v1alpha1',
    'ClusterTrainingRuntime',
    (spec: object) => ({
      spec: { template: { spec: { replicatedJobs: [{ template: { spec: { template: { spec } } } }] } } },
    }),
  ],
] as const
const OWN = /^(?:v1|apps\/v1|batch\/v1)$/

const policyText = fc
  .record({
    mode: fc.constantFrom(...MODES),
    rules: fc.dictionary(fc.constantFrom(...RULE_IDS), fc.constantFrom(...MODES)),
    namespaceModes: fc.constantFrom([], [{ namespaces: ['team-*'], mode: 'warn' }]),
    exemptions: fc.constantFrom(
      [],
      [{ name: 'agent', images: ['**'], containers: ['agent'], namespaces: ['team-*'], reason: 'theirs' }],
      [{ name: 'over', images: ['**'], reason: 'theirs', expires: '2026-11-22' }],
    ),
  })
  .map((spec) =>
    JSON.stringify({
      apiVersion: 'tallyman.dev/v1alpha1',
      kind: 'TagPolicy',
      metadata: { name: 'default' },
      spec,
    }),
  )

/** What the API server fills in before it asks: the pull policies of its own kinds. */
function defaulted(spec: PodSpec): PodSpec {
  const fill = (each: Filled) => ({
    ...each,
    imagePullPolicy: each.imagePullPolicy ?? defaultPullPolicy(each.image ?? ''),
  })
  return { ...spec, containers: spec.containers.map(fill), initContainers: spec.initContainers.map(fill) }
}

t.test('lint says of a file what the webhook says of the object that a person creates from it', async () => {
  await fc.assert(
    fc.asyncProperty(
      podSpec,
      fc.constantFrom(...KINDS),
      fc.constantFrom('team-a', 'lab'),
      policyText,
      async (spec, [apiVersion, kind, shape], namespace, text) => {
        const policy = parsePolicy(text, 'policy.json')
        const inNamespace = !kind.startsWith('Cluster')
        const metadata = { name: 'sample', ...(inNamespace && { namespace }) }
        const manifests = readManifests(stringify({ apiVersion, kind, metadata, ...shape(spec) }))
        const linted = manifests.objects.flatMap(
          (manifest) => lintManifest(manifest, 'file.yaml', 'team-b', policy, NOW).findings,
        )

        const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
        const stored = OWN.test(apiVersion) ? defaulted(spec) : spec
        const request = readReview({
          apiVersion: 'admission.k8s.io/v1',
          kind: 'AdmissionReview',
          request: {
            uid: '1',
            kind: { group, version, kind },
            resource: { group, version, resource: `${kind.toLowerCase()}s` },
            name: 'sample',
            ...(inNamespace && { namespace }),
            operation: 'CREATE',
            userInfo: { username: 'someone', groups: ['system:authenticated'] },
            object: { apiVersion, kind, metadata, ...shape(stored) },
            oldObject: null,
            dryRun: true,
          },
        })
        const verdict = await admit(
          request,
          { for: (name) => ({ policy, namespace: { name, labels: {} } }) },
          NOW,
        )

        const told = (finding: { rule: string; mode: string; container: { field: string } }) =>
          `${finding.container.field} ${finding.rule} ${finding.mode}`
        const inFile = linted.map(({ finding }) => told(finding)).sort()
        const inReview = (verdict.judgement?.findings ?? []).map(told).sort()
        if (inFile.join() !== inReview.join()) throw new Error(`lint: ${inFile}; webhook: ${inReview}`)
        const denies = linted.some(({ finding }) => finding.mode === 'enforce')
        if (denies === verdict.review.response.allowed) throw new Error(`lint denies: ${denies}`)
      },
    ),
    { numRuns: RUNS },
  )
})
