// The panels of deploy/components/dashboard that count what may happen once in a while: a series that begins with its first event
// is one event long when it begins, and neither rate() nor increase() sees that.
import t from 'tap'
import { queriesOf } from '../deploy/monitoring.ts'
import { NO_PROMETHEUS } from '../prometheus/programs.ts'
import { prometheus } from './prometheus-programs.ts'
import { type ExpectedSample, testExpression } from './promtool.ts'

const skip = prometheus === undefined && NO_PROMETHEUS
const folder = t.testdir()
/** What is looked at: the last ten minutes of twenty. */
const [RANGE, AT] = ['10m', '20m']

const pod = (metric: string, name: string, more: string) =>
  `${metric}{job="tallyman", namespace="tallyman", pod="${name}", instance="${name}", ${more}}`
const uses = (name: string) =>
  pod('tallyman_exemption_uses_total', name, 'policy="default", exemption="vendor"')
const VENDOR = '{policy="default", exemption="vendor"}'
const USER = 'user="system:serviceaccount:team-a:robot"'
const denials = (name: string) => pod('tallyman_service_account_denials_total', name, USER)
const api = (metric: string, more = '') =>
  `apiserver_admission_webhook_${metric}{job="apiserver", instance="api-1", name="image-tags.tallyman.dev"${more}}`
const DENIED = ', error_type="no_error"'
const UP = { 'up{job="apiserver", instance="api-1"}': '1+0x30' }

const cases: [
  panel: string,
  why: string,
  series: Readonly<Record<string, string>>,
  shows: readonly ExpectedSample[],
][] = [
  ['Exemptions in use', 'the first use', { [uses('a')]: '_x15 1+0x10' }, [{ labels: VENDOR, value: 1 }]],
  [
    'Exemptions in use',
    'of a replica that began it, one that has begun it long ago, and one that is gone',
    { [uses('a')]: '_x15 2+0x10', [uses('b')]: '4+0x15 6+0x10', [uses('c')]: '_x12 3+0x3 stale' },
    [{ labels: VENDOR, value: 7 }],
  ],
  ['Exemptions in use', 'not in this range', { [uses('a')]: '4+0x30' }, []],
  [
    'Service accounts denied',
    'the first denial',
    { [denials('a')]: '_x15 1+0x10' },
    [{ labels: `{${USER}}`, value: 1 }],
  ],
  ['Service accounts denied', 'not in this range', { [denials('a')]: '4+0x30' }, []],
  [
    "The API server's calls",
    'the first that was let through, and the first denial',
    { ...UP, [api('fail_open_count')]: '_x15 1+0x10', [api('rejection_count', DENIED)]: '_x15 1+0x10' },
    [
      { labels: '{name="image-tags.tallyman.dev"}', value: 1 },
      { labels: `{name="image-tags.tallyman.dev"${DENIED}}`, value: 1 },
    ],
  ],
  [
    "The API server's calls",
    'more, of an API server that has been scraped for long',
    { ...UP, [api('fail_open_count')]: '2+0x15 5+0x10' },
    [{ labels: '{name="image-tags.tallyman.dev"}', value: 3 }],
  ],
  [
    "The API server's calls",
    'those from before Prometheus began to look are not new',
    { 'up{job="apiserver", instance="api-1"}': '_x15 1+0x10', [api('fail_open_count')]: '_x15 7+0x10' },
    [{ labels: '{name="image-tags.tallyman.dev"}', value: 0 }],
  ],
]
for (const [panel, why, series, shows] of cases)
  t.test(`${panel}: ${why}`, { skip }, async (t) => {
    // All questions of a panel are shown in it. Each extrapolates a little, so that counts are rounded.
    const exprs = queriesOf(RANGE)
      .filter(({ title }) => title === panel)
      .map(({ expr }) => `round(${expr})`)
    t.not(exprs.length, 0)
    const { ok, said } = await testExpression(
      prometheus?.promtool ?? '',
      folder,
      series,
      exprs.join(' or '),
      AT,
      shows,
    )
    t.ok(ok, said)
  })
