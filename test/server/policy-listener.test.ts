import t from 'tap'
import { createLogger } from '../../src/server/logging.ts'
import { Metrics } from '../../src/server/metrics.ts'
import { policyListener } from '../../src/server/policy-listener.ts'
import { kindsTable } from '../../src/workload/kinds.ts'
import { enforcing } from './listening.ts'
import { metricSources } from './metric-sources.ts'

function listening() {
  const lines: Record<string, unknown>[] = []
  const metrics = new Metrics(metricSources())
  const log = createLogger('info', { write: (line: string) => void lines.push(JSON.parse(line)) })
  return { lines, metrics, listener: policyListener(log, metrics, () => new Date(7000)) }
}

t.test('each event is a line of constant text', async (t) => {
  const { lines, metrics, listener } = listening()
  listener.loaded(enforcing, { hash: 'abc', generation: 3 })
  listener.refused(new Error('spec.mode: no'))
  listener.gone('lab')
  listener.lost('namespaces', new Error('connection refused'))
  listener.recovered('namespaces')
  listener.statusFailed(new Error('forbidden'))
  t.match(lines, [
    { level: 'info', msg: 'policy in force', policy: 'default', hash: 'abc', generation: 3, mode: 'enforce' },
    {
      level: 'error',
      msg: 'new policy refused, the last good one stays in force',
      error: { message: 'spec.mode: no' },
    },
    { level: 'info', msg: 'policy deleted', policy: 'lab' },
    {
      level: 'warn',
      msg: 'API server cannot be followed, what is known stays in force',
      resource: 'namespaces',
    },
    { level: 'info', msg: 'API server is followed again', resource: 'namespaces' },
    { level: 'warn', msg: 'the status of a policy could not be written' },
  ])
  t.match(await metrics.registry.metrics(), /^tallyman_policy_loaded_timestamp_seconds 7$/m)
})

t.test(
  'that nothing is judged for want of a webhook configuration is said, and so is that it is back',
  async (t) => {
    const { lines, listener } = listening()
    listener.installed(false)
    listener.installed(true)
    t.match(lines, [
      { level: 'warn', msg: 'no webhook configuration sends workloads, so nothing is judged' },
      { level: 'info', msg: 'a webhook configuration sends workloads again' },
    ])
  },
)

t.test('kinds that are not sent are named, as many as a line takes, and counted', async (t) => {
  const { lines, metrics, listener } = listening()
  listener.unsent(kindsTable().all)
  const [line] = lines
  t.match(line, { level: 'warn', count: kindsTable().all.length, kinds: { length: 20 } })
  t.match(
    await metrics.registry.metrics(),
    new RegExp(`^tallyman_kinds_not_sent ${kindsTable().all.length}$`, 'm'),
  )
  listener.unsent([])
  t.equal(lines.length, 1, 'that all are sent is no news')
  t.match(await metrics.registry.metrics(), /^tallyman_kinds_not_sent 0$/m)
})
