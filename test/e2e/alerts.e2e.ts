// The alerts of deploy/components/monitoring in clusters that are written down: each fires where it should and says what it
// should, and not otherwise.
import t from 'tap'
import { alerts, ruleGroups } from '../deploy/monitoring.ts'
import { NO_PROMETHEUS } from '../prometheus/programs.ts'
import { ALERT_CASES } from './alert-cases.ts'
import { prometheus } from './prometheus-programs.ts'
import { checkRules, testAlert } from './promtool.ts'

const skip = prometheus === undefined && NO_PROMETHEUS
const promtool = prometheus?.promtool ?? ''
const folder = t.testdir()

t.test('promtool finds nothing wrong', { skip }, async (t) => {
  const { ok, said } = await checkRules(promtool, folder, ruleGroups)
  t.ok(ok, said)
  t.match(said, `${alerts.length} rules found`)
})

t.test('each alert has a case in which it fires and one in which it does not', async (t) => {
  for (const { alert } of alerts) {
    const cases = ALERT_CASES.filter((it) => it.alert === alert)
    t.ok(cases.some(({ fires }) => fires.length > 0) && cases.some(({ fires }) => fires.length === 0), alert)
  }
})

for (const it of ALERT_CASES) {
  t.test(`${it.alert} ${it.fires.length > 0 ? 'fires' : 'is quiet'}: ${it.why}`, { skip }, async (t) => {
    const alert = alerts.find(({ alert }) => alert === it.alert)
    if (alert === undefined) return t.fail('there is no such alert')
    const { ok, said } = await testAlert(promtool, folder, it, alert)
    t.ok(ok, said)
  })
}
