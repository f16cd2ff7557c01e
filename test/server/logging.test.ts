import t from 'tap'
import { admitNamespace } from '../../src/admission/admit-namespace.ts'
import { admitPolicy } from '../../src/admission/admit-policy.ts'
import { readReview } from '../../src/admission/review.ts'
import { withMode } from '../../src/policy/with-mode.ts'
import { createLogger, logChange, logVerdict, MAX_LOGGED_FINDINGS } from '../../src/server/logging.ts'
import { policyOf, view } from '../admission/views.ts'
import { enforcing, namespaceReview, policyReview } from './listening.ts'
import { type Judged, judged } from './verdicts.ts'

/** A logger and the lines that it has written. */
function logging() {
  const lines: string[] = []
  return { lines, log: createLogger('debug', { write: (line: string) => void lines.push(line) }) }
}

function linesOf({ request, verdict }: Judged): string[] {
  const { lines, log } = logging()
  logVerdict(log, request, verdict)
  return lines
}

t.test('one line for a denial says who, what and why', async (t) => {
  const lines = linesOf(await judged('registry.example.com/app:latest', { dryRun: true }))
  t.equal(lines.length, 1)
  const { time, ...fields } = JSON.parse(lines[0] ?? '')
  t.match(time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  t.match(fields, {
    level: 'info',
    msg: 'denied',
    uid: 'c0ffee00-0000-4000-8000-000000000001',
    user: 'jane',
    operation: 'CREATE',
    group: '',
    kind: 'Pod',
    namespace: 'team-a',
    object: 'resnet',
    dryRun: true,
    policy: 'default',
    owned: false,
    rules: ['latestTag'],
    findingCount: 1,
    findings: [
      {
        rule: 'latestTag',
        mode: 'enforce',
        container: 'trainer',
        field: 'spec.containers[0].image',
        image: 'registry.example.com/app:latest',
      },
    ],
  })
})

t.test('warnings and audit findings are logged, what passes is not', async (t) => {
  const cases: [what: string, judged: Judged, message: string | undefined][] = [
    ['a warning', await judged('app:latest', {}, withMode(enforcing, 'warn')), 'warned'],
    ['an audit finding', await judged('app:latest', {}, withMode(enforcing, 'audit')), 'audit findings'],
    ['nothing found', await judged('registry.example.com/app:1.2.3'), undefined],
    ['a rule that is disabled', await judged('app:latest', {}, withMode(enforcing, 'disabled')), undefined],
    ['a DELETE', await judged('app:latest', { operation: 'DELETE' }), undefined],
  ]
  for (const [what, judged, message] of cases) {
    const lines = linesOf(judged)
    t.equal(lines.length, message === undefined ? 0 : 1, what)
    if (message !== undefined) t.equal(JSON.parse(lines[0] ?? '').msg, message, what)
  }
})

t.test('no text of a user adds a line, a field or an escape, nor its whole length', async (t) => {
  const hostile = `x\n{"level":"error"}\r\u001b[31m\u2028\u202e${'y'.repeat(100_000)}`
  const containers = Array.from({ length: 10_000 }, () => ({ name: hostile, image: hostile }))
  const [line, ...more] = linesOf(
    await judged('app:latest', {
      name: '',
      namespace: hostile,
      userInfo: { username: hostile, groups: [] },
      object: { metadata: { generateName: hostile }, spec: { containers } },
    }),
  )
  t.strictSame(more, [])
  t.match(line, /^[\x20-\x7e]+\n$/, 'one line, printable')
  t.ok((line ?? '').length < 30_000, 'bounded')
  const { findings, findingCount } = JSON.parse(line ?? '')
  t.equal(findings.length, MAX_LOGGED_FINDINGS)
  t.ok(findingCount > MAX_LOGGED_FINDINGS)
})

t.test('the name that the API server will make up', async (t) => {
  const object = {
    metadata: { generateName: 'resnet-' },
    spec: { containers: [{ name: 'a', image: 'app' }] },
  }
  const [line] = linesOf(await judged('app', { name: undefined, object }))
  t.equal(JSON.parse(line ?? '').object, 'resnet-*')
})

t.test('an error has its type, its message and where it happened, on one line', async (t) => {
  const { lines, log } = logging()
  log.error({ error: new TypeError('two\nlines') }, 'failed')
  log.error({ error: 'thrown as text\u001b' }, 'failed')
  t.match(JSON.parse(lines[0] ?? ''), {
    error: { type: 'TypeError', message: 'two; lines', stack: [/TypeError/] },
  })
  t.match(JSON.parse(lines[1] ?? ''), { error: { message: 'thrown as text\\u{1b}' } })
})

t.test('the exemptions that applied stand in the line', async (t) => {
  const policy = policyOf('default', {
    mode: 'enforce',
    exemptions: [{ name: 'vendor', images: ['app'], reason: 'r', expires: '2026-12-01' }],
  })
  const [line = ''] = linesOf(await judged('app:latest', {}, policy))
  t.match(JSON.parse(line), { msg: 'warned', exemptions: ['vendor'], rules: [], findingCount: 0 })
})

t.test('one line for a change that is denied or warned about, none for others', async (t) => {
  const cluster = view({ default: { mode: 'enforce' } })
  const now = new Date('2026-11-23T12:00:00Z')
  const denied = readReview(policyReview({ mode: 'x', 'a\u001b[2J': 1 }))
  const warned = readReview(namespaceReview({ 'tallyman.dev/mode': 'warn' }))
  const fine = readReview(policyReview({ mode: 'enforce' }))
  const { lines, log } = logging()
  logChange(log, 'policies', denied, await admitPolicy(denied, cluster, now))
  logChange(log, 'namespaces', warned, await admitNamespace(warned, cluster, now))
  logChange(log, 'policies', fine, await admitPolicy(fine, cluster, now))
  t.match(
    lines.map((line) => JSON.parse(line)),
    [
      {
        level: 'info',
        msg: 'change denied',
        entry: 'policies',
        user: 'jane',
        operation: 'CREATE',
        kind: 'TagPolicy',
        object: 'default',
        dryRun: false,
        problems: [/^spec\.mode: /, /^spec\."a\\u\{1b\}\[2J": unknown field/],
        problemCount: 2,
      },
      {
        msg: 'change warned about',
        entry: 'namespaces',
        object: 'team-a',
        warnings: ['Namespace/team-a: warn (label tallyman.dev/mode, TagPolicy default)'],
      },
    ],
  )
  t.equal(lines.length, 2)
})
