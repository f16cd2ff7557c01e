import t from 'tap'
import { eventListener } from '../../src/server/event-listener.ts'
import { createLogger } from '../../src/server/logging.ts'
import { Metrics } from '../../src/server/metrics.ts'
import { metricSources } from './metric-sources.ts'

t.test('each is counted, and why one failed is logged now and then', async (t) => {
  let minute = 0
  const lines: Record<string, unknown>[] = []
  const metrics = new Metrics(metricSources({ now: () => new Date(minute * 60_000) }))
  const log = createLogger('info', { write: (line: string) => void lines.push(JSON.parse(line)) })
  const listener = eventListener(log, metrics, () => new Date(minute * 60_000))
  listener.written()
  for (; minute <= 12; minute += 3) listener.failed(new Error(`refused in minute ${minute}`))
  t.match(lines, [
    { level: 'warn', msg: 'an event could not be written', error: { message: 'refused in minute 0' } },
    { error: { message: 'refused in minute 12' } },
  ])
  t.equal(lines.length, 2)
  const text = await metrics.registry.metrics()
  t.match(text, /^tallyman_events_total\{outcome="written"\} 1$/m)
  t.match(text, /^tallyman_events_total\{outcome="failed"\} 5$/m)
})
