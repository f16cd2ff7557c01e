/** What an alert says when it fires; `description` as a person reads it. */
interface Firing {
  readonly labels: Readonly<Record<string, string>>
  readonly description: string
}

/** A cluster in which an alert fires, or does not. */
export interface AlertCase {
  readonly alert: string
  readonly why: string
  /** Series, a value a minute from 1970-01-01T00:00Z, as promtool writes them: `1+0x5` is six times 1, `_` is none. */
  readonly series: Readonly<Record<string, string>>
  /** When it is looked at. */
  readonly at: string
  readonly fires: readonly Firing[]
}

const DAY = 86_400
const pod = (metric: string, name = 'tallyman-a', more = '') =>
  `${metric}{job="tallyman", namespace="tallyman", pod="${name}", instance="${name}"${more}}`
const READY = { [pod('tallyman_ready')]: '1+0x90' }
const UP = { 'up{job="apiserver", instance="api-1"}': '1+0x60' }
const HOOK = 'name="image-tags.tallyman.dev", type="validating"'
const counter = (metric: string, more = HOOK) => `${metric}{job="apiserver", instance="api-1", ${more}}`
const REJECTIONS = 'apiserver_admission_webhook_rejection_count'
const FAIL_OPEN = 'apiserver_admission_webhook_fail_open_count'
const PODS = counter('apiserver_request_total', 'verb="POST", resource="pods", subresource="", code="201"')
const deployment = (metric: string, namespace = 'tallyman') =>
  `kube_deployment_${metric}{job="kube-state-metrics", namespace="${namespace}", deployment="tallyman"}`
/** All observations of a histogram in one bucket: as many a minute as it says, at most as long as `le` and longer than those before. */
const buckets = (series: (le: string) => string, les: readonly string[], slowest: string) =>
  Object.fromEntries(
    les.map((le) => [series(le), le === '+Inf' || Number(le) >= Number(slowest) ? '0+60x30' : '0+0x30']),
  )
const verdictBuckets = (slowest: string) =>
  buckets(
    (le) => pod('tallyman_verdict_duration_seconds_bucket', 'tallyman-a', `, le="${le}"`),
    ['0.5', '1', '5', '+Inf'],
    slowest,
  )
const callBuckets = (slowest: string) =>
  buckets(
    (le) => counter('apiserver_admission_webhook_admission_duration_seconds_bucket', `${HOOK}, le="${le}"`),
    ['0.5', '1', '2.5', '10', '+Inf'],
    slowest,
  )
const notAfter = (source: string, days: number) => ({
  [pod('tallyman_certificate_not_after_timestamp_seconds', 'tallyman-a', `, source="${source}"`)]:
    `${days * DAY}+0x60`,
})
const lost = (seconds: string) => ({
  [pod('tallyman_cluster_lost_seconds', 'tallyman-a', ', resource="namespaces"')]: seconds,
})
const MIB = 1024 * 1024
const memory = (mebibytes: number) => ({
  [pod('process_resident_memory_bytes')]: `${mebibytes * MIB}+0x30`,
})
const memoryLimit = (mebibytes: number) => ({
  [pod('tallyman_memory_limit_bytes')]: `${mebibytes * MIB}+0x30`,
})
/** Of a heap of 387 MiB; in MiB. */
const heap = (series: string) => ({
  [pod('nodejs_heap_size_used_bytes')]: series,
  [pod('tallyman_heap_limit_bytes')]: '387+0x30',
})
const ends = (days: number) => ({
  [pod('tallyman_exemption_end_timestamp_seconds', 'tallyman-a', ', policy="default", exemption="vendor"')]:
    `${days * DAY}+0x60`,
})

/** For each alert, clusters in which it fires and clusters in which it does not. */
export const ALERT_CASES: readonly AlertCase[] = [
  {
    alert: 'TallymanDown',
    why: 'there is nothing to scrape',
    series: { 'up{job="other"}': '1+0x10' },
    at: '6m',
    fires: [
      {
        labels: {},
        description:
          'For 5 minutes no replica of tallyman was ready, or none could be scraped. Under failurePolicy Ignore every image is admitted unchecked; under Fail no workload can be created.',
      },
    ],
  },
  {
    alert: 'TallymanDown',
    why: 'none of those that are scraped is ready',
    series: { [pod('tallyman_ready')]: '0+0x10', [pod('tallyman_ready', 'tallyman-b')]: '0+0x10' },
    at: '6m',
    fires: [
      {
        labels: {},
        description:
          'For 5 minutes no replica of tallyman was ready, or none could be scraped. Under failurePolicy Ignore every image is admitted unchecked; under Fail no workload can be created.',
      },
    ],
  },
  {
    alert: 'TallymanDown',
    why: 'one of two is ready',
    series: { ...READY, [pod('tallyman_ready', 'tallyman-b')]: '0+0x10' },
    at: '10m',
    fires: [],
  },
  {
    alert: 'TallymanDown',
    why: 'it was away for four minutes',
    series: { [pod('tallyman_ready')]: '1 0 0 0 0 1+0x10' },
    at: '4m',
    fires: [],
  },
  {
    alert: 'TallymanReplicaMissing',
    why: 'the Deployment wants three and has one',
    series: {
      ...READY,
      [deployment('spec_replicas')]: '3+0x30',
      [deployment('status_replicas_available')]: '1+0x30',
    },
    at: '16m',
    fires: [
      {
        labels: { namespace: 'tallyman' },
        description:
          'Replicas of tallyman that did not answer for 15 minutes: 2. The others do its work; the next failure of a node may leave none.',
      },
    ],
  },
  {
    alert: 'TallymanReplicaMissing',
    why: 'in a namespace of another name, as Helm may install it; another program of that name is not ours',
    series: {
      'up{job="tallyman", namespace="policies", pod="tallyman-a", instance="tallyman-a"}': '1+0x30',
      'tallyman_ready{job="tallyman", namespace="policies", pod="tallyman-a", instance="tallyman-a"}':
        '1+0x30',
      [deployment('spec_replicas', 'policies')]: '3+0x30',
      [deployment('status_replicas_available', 'policies')]: '1+0x30',
      [deployment('spec_replicas', 'other')]: '3+0x30',
      [deployment('status_replicas_available', 'other')]: '0+0x30',
    },
    at: '16m',
    fires: [
      {
        labels: { namespace: 'policies' },
        description:
          'Replicas of tallyman that did not answer for 15 minutes: 2. The others do its work; the next failure of a node may leave none.',
      },
    ],
  },
  {
    alert: 'TallymanReplicaMissing',
    why: 'without kube-state-metrics: one is not ready, one cannot be scraped',
    series: {
      ...READY,
      [pod('tallyman_ready', 'tallyman-b')]: '0+0x30',
      [pod('up', 'tallyman-b')]: '1+0x30',
      [pod('up', 'tallyman-c')]: '0+0x30',
    },
    at: '16m',
    fires: [
      {
        labels: { namespace: 'tallyman' },
        description:
          'Replicas of tallyman that did not answer for 15 minutes: 2. The others do its work; the next failure of a node may leave none.',
      },
    ],
  },
  {
    alert: 'TallymanReplicaMissing',
    why: 'all that the Deployment wants are there',
    series: {
      ...READY,
      [deployment('spec_replicas')]: '3+0x30',
      [deployment('status_replicas_available')]: '3+0x30',
    },
    at: '16m',
    fires: [],
  },
  {
    alert: 'TallymanReplicaMissing',
    why: 'a rollout: one drains for two minutes',
    series: { ...READY, [pod('tallyman_ready', 'tallyman-b')]: '1+0x10 0 0 1+0x10' },
    at: '12m',
    fires: [],
  },
  {
    alert: 'TallymanMemoryHigh',
    why: '600 of 640 MiB',
    series: { ...memory(600), ...memoryLimit(640) },
    at: '11m',
    fires: [
      {
        labels: { namespace: 'tallyman', pod: 'tallyman-a', bound: 'memory limit' },
        description:
          'For 10 minutes tallyman-a has used more than 85% of its memory limit, now 93.75%. At 100% it is ended, and starts anew.',
      },
    ],
  },
  {
    alert: 'TallymanMemoryHigh',
    why: '250 MiB of a limit of 256',
    series: { ...memory(250), ...memoryLimit(256) },
    at: '11m',
    fires: [
      {
        labels: { namespace: 'tallyman', pod: 'tallyman-a', bound: 'memory limit' },
        description:
          'For 10 minutes tallyman-a has used more than 85% of its memory limit, now 97.66%. At 100% it is ended, and starts anew.',
      },
    ],
  },
  {
    alert: 'TallymanMemoryHigh',
    why: 'a heap that is nearly full, far from the limit of the container',
    series: { ...memory(430), ...memoryLimit(640), ...heap('350+0x30') },
    at: '11m',
    fires: [
      {
        labels: { namespace: 'tallyman', pod: 'tallyman-a', bound: 'heap' },
        description:
          'For 10 minutes tallyman-a has used more than 85% of its heap, now 90.44%. At 100% it is ended, and starts anew.',
      },
    ],
  },
  {
    alert: 'TallymanMemoryHigh',
    why: 'a heap that is full before each collection, and not after it',
    series: {
      ...memory(430),
      ...memoryLimit(640),
      ...heap('350 260 350 350 260 350 350 260 350 350 260 350'),
    },
    at: '11m',
    fires: [],
  },
  {
    alert: 'TallymanMemoryHigh',
    why: 'the limit was raised',
    series: { ...memory(600), ...memoryLimit(1024) },
    at: '11m',
    fires: [],
  },
  {
    alert: 'TallymanMemoryHigh',
    why: 'there is no limit, and another program that takes more',
    series: { ...memory(600), 'process_resident_memory_bytes{job="prometheus"}': '8e9+0x30' },
    at: '11m',
    fires: [],
  },
  {
    alert: 'TallymanFaults',
    why: 'the first one',
    series: { [pod('tallyman_errors_total', 'tallyman-a', ', reason="fault"')]: '0+0x20 2+0x20' },
    at: '25m',
    fires: [
      {
        labels: { pod: 'tallyman-a' },
        description:
          'Requests that tallyman-a answered with 500 in 15 minutes: 2. Under failurePolicy Ignore they were admitted unchecked.',
      },
    ],
  },
  {
    alert: 'TallymanFaults',
    why: 'what clients do wrong, and a fault of an hour ago',
    series: {
      [pod('tallyman_errors_total', 'tallyman-a', ', reason="bad_json"')]: '0+5x60',
      [pod('tallyman_errors_total', 'tallyman-a', ', reason="fault"')]: '0 1+0x60',
    },
    at: '60m',
    fires: [],
  },
  {
    alert: 'TallymanBlocksRequests',
    why: 'the first refusal for want of a verdict, which begins the series',
    series: {
      ...UP,
      [counter(REJECTIONS, `${HOOK}, error_type="calling_webhook_error"`)]: '_x20 3+0x20',
    },
    at: '22m',
    fires: [
      {
        labels: { name: 'image-tags.tallyman.dev' },
        description:
          'Requests refused in 10 minutes because image-tags.tallyman.dev gave the API server no verdict (failurePolicy Fail): 3.',
      },
    ],
  },
  {
    alert: 'TallymanBlocksRequests',
    why: 'more of them, in a series that was there',
    series: {
      ...UP,
      [counter(REJECTIONS, `${HOOK}, error_type="calling_webhook_error"`)]: '4+0x20 8+0x20',
    },
    at: '25m',
    fires: [
      {
        labels: { name: 'image-tags.tallyman.dev' },
        description:
          'Requests refused in 10 minutes because image-tags.tallyman.dev gave the API server no verdict (failurePolicy Fail): 4.',
      },
    ],
  },
  {
    alert: 'TallymanBlocksRequests',
    why: 'denials, and the failures of others',
    series: {
      ...UP,
      [counter(REJECTIONS, `${HOOK}, error_type="no_error"`)]: '0+5x60',
      [counter(REJECTIONS, 'name="other.example.com", error_type="calling_webhook_error"')]: '0+5x60',
    },
    at: '30m',
    fires: [],
  },
  {
    alert: 'TallymanBlocksRequests',
    why: 'the page of TallymanBypassed has been followed, and the entry for policies asked with Fail',
    series: {
      ...UP,
      [counter(REJECTIONS, 'name="policies.tallyman.dev", error_type="calling_webhook_error"')]:
        '_x20 1+0x20',
    },
    at: '22m',
    fires: [],
  },
  {
    alert: 'TallymanBlocksRequests',
    why: 'a failure of half an hour ago',
    series: { ...UP, [counter(REJECTIONS, `${HOOK}, error_type="calling_webhook_error"`)]: '_x5 1+0x60' },
    at: '35m',
    fires: [],
  },
  {
    alert: 'TallymanBypassed',
    why: 'the first request that was let through, which begins the series',
    series: { ...UP, [counter(FAIL_OPEN)]: '_x20 1+0x20' },
    at: '21m',
    fires: [
      {
        labels: { name: 'image-tags.tallyman.dev' },
        description:
          'Requests admitted unchecked in 10 minutes because image-tags.tallyman.dev gave the API server no verdict (failurePolicy Ignore): 1.',
      },
    ],
  },
  {
    alert: 'TallymanBypassed',
    why: 'more of them, of two entries',
    series: {
      ...UP,
      [counter(FAIL_OPEN)]: '4+0x20 6+0x20',
      [counter(FAIL_OPEN, 'name="policies.tallyman.dev", type="validating"')]: '0+0x20 2+0x20',
    },
    at: '25m',
    fires: ['image-tags', 'policies'].map((entry) => ({
      labels: { name: `${entry}.tallyman.dev` },
      description: `Requests admitted unchecked in 10 minutes because ${entry}.tallyman.dev gave the API server no verdict (failurePolicy Ignore): 2.`,
    })),
  },
  {
    alert: 'TallymanBypassed',
    why: 'what another webhook let through, and what was there when Prometheus began to look',
    series: {
      'up{job="apiserver", instance="api-1"}': '_x20 1+0x60',
      [counter(FAIL_OPEN)]: '_x20 7+0x60',
      [counter(FAIL_OPEN, 'name="other.example.com", type="validating"')]: '0+5x60',
    },
    at: '22m',
    fires: [],
  },
  {
    alert: 'TallymanBypassed',
    why: 'what was let through half an hour ago',
    series: { ...UP, [counter(FAIL_OPEN)]: '_x5 1+0x60' },
    at: '35m',
    fires: [],
  },
  {
    alert: 'TallymanSlow',
    why: 'verdicts take up to five seconds',
    series: verdictBuckets('5'),
    at: '16m',
    fires: [
      {
        labels: { seen_by: 'replicas' },
        description:
          'One request in a hundred takes longer than 4.96s, as seen by the replicas; after 5s the API server does without the verdict.',
      },
    ],
  },
  {
    alert: 'TallymanSlow',
    why: 'the API server waits, for tallyman does not get the requests',
    series: { ...verdictBuckets('0.5'), ...callBuckets('10') },
    at: '16m',
    fires: [
      {
        labels: { seen_by: 'API server', name: 'image-tags.tallyman.dev' },
        description:
          'One request in a hundred takes longer than 9.925s, as seen by the API server; after 5s the API server does without the verdict.',
      },
    ],
  },
  {
    alert: 'TallymanSlow',
    why: 'up to half a second',
    series: { ...verdictBuckets('0.5'), ...callBuckets('0.5') },
    at: '16m',
    fires: [],
  },
  {
    alert: 'TallymanNotAsked',
    why: 'Pods are made and it hears of none',
    series: {
      ...READY,
      [pod('tallyman_verdict_duration_seconds_count')]: '7+0x90',
      [PODS]: '0+1x90',
    },
    at: '70m',
    fires: [
      {
        labels: {},
        description:
          'No object was sent to tallyman for an hour, although its replicas are ready. Nothing is checked, and where the webhook configuration looks as it should, nothing else would show it.',
      },
    ],
  },
  {
    alert: 'TallymanNotAsked',
    why: "the API server's metrics are not there",
    series: { ...READY, [pod('tallyman_verdict_duration_seconds_count')]: '0+0x90' },
    at: '70m',
    fires: [
      {
        labels: {},
        description:
          'No object was sent to tallyman for an hour, although its replicas are ready. Nothing is checked, and where the webhook configuration looks as it should, nothing else would show it.',
      },
    ],
  },
  {
    alert: 'TallymanNotAsked',
    why: 'a quiet night',
    series: { ...READY, [pod('tallyman_verdict_duration_seconds_count')]: '7+0x90', [PODS]: '5+0x90' },
    at: '70m',
    fires: [],
  },
  {
    alert: 'TallymanNotAsked',
    why: 'one replica is asked',
    series: {
      ...READY,
      [pod('tallyman_verdict_duration_seconds_count')]: '7+0x90',
      [pod('tallyman_verdict_duration_seconds_count', 'tallyman-b')]: '0+1x90',
      [PODS]: '0+1x90',
    },
    at: '70m',
    fires: [],
  },
  {
    alert: 'TallymanNotAsked',
    why: 'it has been up for half an hour',
    series: {
      [pod('tallyman_ready')]: '_x40 1+0x50',
      [pod('tallyman_verdict_duration_seconds_count')]: '_x40 0+0x50',
      [PODS]: '0+1x90',
    },
    at: '70m',
    fires: [],
  },
  {
    alert: 'TallymanNotRegistered',
    why: 'somebody deleted the webhook configuration',
    series: {
      [pod('tallyman_registered')]: '1+0x5 0+0x20',
      [pod('tallyman_registered', 'tallyman-b')]: '1+0x5 0+0x20',
    },
    at: '12m',
    fires: [
      {
        labels: {},
        description:
          'For 5 minutes the API server has had no ValidatingWebhookConfiguration tallyman, or none with the entry for workloads. Whatever failurePolicy says, every image is admitted unchecked.',
      },
    ],
  },
  {
    alert: 'TallymanNotRegistered',
    why: 'one replica knows, and the other does not know',
    series: {
      [pod('tallyman_registered')]: '0+0x20',
      [pod('tallyman_ready', 'tallyman-b')]: '1+0x20',
    },
    at: '6m',
    fires: [
      {
        labels: {},
        description:
          'For 5 minutes the API server has had no ValidatingWebhookConfiguration tallyman, or none with the entry for workloads. Whatever failurePolicy says, every image is admitted unchecked.',
      },
    ],
  },
  {
    alert: 'TallymanNotRegistered',
    why: 'an installation in which the webhook configuration came last, and a reinstallation of four minutes',
    series: { [pod('tallyman_registered')]: '0 1+0x10 0 0 0 0 1+0x10' },
    at: '15m',
    fires: [],
  },
  {
    alert: 'TallymanNotRegistered',
    why: 'the policy is a file, so that nobody knows',
    series: READY,
    at: '30m',
    fires: [],
  },
  {
    alert: 'TallymanKindNotSent',
    why: 'two kinds',
    series: { [pod('tallyman_kinds_not_sent')]: '2+0x30' },
    at: '16m',
    fires: [
      {
        labels: {},
        description:
          'Kinds that the policies know and the webhook configuration does not name, so that they pass unjudged: 2.',
      },
    ],
  },
  {
    alert: 'TallymanKindNotSent',
    why: 'the configuration came ten minutes after the policy',
    series: { [pod('tallyman_kinds_not_sent')]: '2+0x10 0+0x20' },
    at: '10m',
    fires: [],
  },
  {
    alert: 'TallymanClusterLost',
    why: 'for six minutes',
    series: lost('0 0 60 120 180 240 300 360 420'),
    at: '7m',
    fires: [
      {
        labels: { pod: 'tallyman-a', resource: 'namespaces' },
        description:
          'tallyman-a has not been able to follow namespaces for 6m 0s; changes since then are not in force there.',
      },
    ],
  },
  {
    alert: 'TallymanClusterLost',
    why: 'a watch that was cut',
    series: lost('0 20 80 0+0x30'),
    at: '7m',
    fires: [],
  },
  {
    alert: 'TallymanCertificateEndsSoon',
    why: 'a file, 13 days before',
    series: notAfter('file', 13),
    at: '20m',
    fires: [
      {
        labels: { source: 'file' },
        description: 'The serving certificate (source file) ends in 12d 23h 40m 0s.',
      },
    ],
  },
  {
    alert: 'TallymanCertificateEndsSoon',
    why: 'one that tallyman should have renewed, 6 days before',
    series: notAfter('managed', 6),
    at: '20m',
    fires: [
      {
        labels: { source: 'managed' },
        description: 'The serving certificate (source managed) ends in 5d 23h 40m 0s.',
      },
    ],
  },
  {
    alert: 'TallymanCertificateEndsSoon',
    why: 'a file 15 days before, and one that tallyman is about to renew',
    series: { ...notAfter('file', 15), ...notAfter('managed', 9) },
    at: '20m',
    fires: [],
  },
  {
    alert: 'TallymanCertificateNotKept',
    why: 'for a quarter of an hour',
    series: { [pod('tallyman_certificate_last_reload_successful')]: '0+0x30' },
    at: '16m',
    fires: [
      {
        labels: { job: 'tallyman', namespace: 'tallyman', pod: 'tallyman-a', instance: 'tallyman-a' },
        description:
          'For 15 minutes tallyman-a could not take up, make or renew its certificate, or not read what that takes, or the webhook configuration does not trust it. Its log and /readyz say why.',
      },
    ],
  },
  {
    alert: 'TallymanCertificateNotKept',
    why: 'mended after ten minutes',
    series: { [pod('tallyman_certificate_last_reload_successful')]: '0+0x10 1+0x20' },
    at: '10m',
    fires: [],
  },
  {
    alert: 'TallymanPolicyRefused',
    why: 'one policy, seen by two replicas',
    series: {
      [pod('tallyman_policies_refused')]: '1+0x10',
      [pod('tallyman_policies_refused', 'tallyman-b')]: '1+0x10',
    },
    at: '6m',
    fires: [
      {
        labels: {},
        description:
          'TagPolicies that are refused as they stand now: 1. The last good state of each stays in force.',
      },
    ],
  },
  {
    alert: 'TallymanPolicyRefused',
    why: 'somebody mended it after three minutes',
    series: { [pod('tallyman_policies_refused')]: '1 1 1 0+0x10' },
    at: '2m',
    fires: [],
  },
  {
    alert: 'TallymanExemptionEnds',
    why: 'in ten days',
    series: ends(10),
    at: '10m',
    fires: [
      {
        labels: { policy: 'default', exemption: 'vendor' },
        description: 'The exemption vendor of TagPolicy default ends in 9d 23h 50m 0s.',
      },
    ],
  },
  { alert: 'TallymanExemptionEnds', why: 'in three weeks', series: ends(21), at: '10m', fires: [] },
  { alert: 'TallymanExemptionEnds', why: 'it has ended', series: ends(0), at: '10m', fires: [] },
]
