import { Registry } from 'prom-client'
import t from 'tap'
import { STAGES } from '../../src/policy/namespace-stages.ts'
import type { Exemption } from '../../src/policy/policy.ts'
import { MAX_EXEMPTION_ENDS, policyGauges } from '../../src/server/policy-gauges.ts'
import type { PolicySource } from '../../src/server/policy-source.ts'
import { enforcing } from './listening.ts'

const NOW = new Date('2026-11-28T12:00:00Z')

function gauges(
  policies: Pick<PolicySource, 'inForce' | 'namespaceStages' | 'registered'>,
): () => Promise<string[]> {
  const registry = new Registry()
  policyGauges(registry, policies, () => NOW)
  return async () => (await registry.metrics()).split('\n').filter((line) => line.startsWith('tallyman_'))
}

const exempting = (...exemptions: [name: string, expires?: string][]) => {
  const list = exemptions.map(([name, expires]) => ({ name, expires }) as Exemption)
  return [{ policy: { ...enforcing, exemptions: list }, version: { hash: 'a' } }]
}

t.test('namespaces by stage, as they are at each scrape', async (t) => {
  let warn = 3
  const lines = gauges({
    inForce: () => [],
    namespaceStages: async () => new Map(STAGES.map((stage) => [stage, stage === 'warn' ? warn : 0])),
  })
  t.ok((await lines()).includes('tallyman_namespaces{stage="warn"} 3'))
  warn = 2
  const found = await lines()
  t.ok(found.includes('tallyman_namespaces{stage="warn"} 2'))
  t.ok(found.includes('tallyman_namespaces{stage="enforceLater"} 0'))
  t.equal(found.length, STAGES.length)
})

t.test('nothing is said of namespaces where none are known', async (t) => {
  t.same(await gauges({ inForce: () => [] })(), [])
  t.same(await gauges({ inForce: () => [], namespaceStages: async () => undefined })(), [])
})

t.test('whether the webhook configuration sends workloads, as it is at each scrape', async (t) => {
  let installed: boolean | undefined = true
  const registered = () => ({ registration: { status: 'True' } as const, unsent: [], installed })
  const lines = gauges({ inForce: () => [], registered })
  t.same(await lines(), ['tallyman_registered 1'])
  installed = false
  t.same(await lines(), ['tallyman_registered 0'])
  installed = undefined
  t.same(await lines(), [], 'nothing is said while it is not known')
})

t.test('ends of exemptions; one without an end has none, and one that is gone is gone', async (t) => {
  let inForce = exempting(['vendor', '2026-12-01'], ['forever'])
  const lines = gauges({ inForce: () => inForce })
  const end = Date.parse('2026-12-02') / 1000
  t.same(await lines(), [
    `tallyman_exemption_end_timestamp_seconds{policy="default",exemption="vendor"} ${end}`,
  ])
  inForce = exempting(['forever'])
  t.same(await lines(), [])
})

t.test('the soonest, up to a number', async (t) => {
  const many = Array.from({ length: MAX_EXEMPTION_ENDS + 20 }, (_, index): [string, string] => [
    `late-${index}`,
    '2027-06-30',
  ])
  const found = await gauges({ inForce: () => exempting(...many, ['soon', '2026-12-01']) })()
  t.equal(found.length, MAX_EXEMPTION_ENDS)
  t.match(found[0], /exemption="soon"/)
})
