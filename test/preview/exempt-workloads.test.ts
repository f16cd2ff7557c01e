import t from 'tap'
import type { Exemption } from '../../src/policy/policy.ts'
import { ExemptWorkloads, MAX_EXEMPT } from '../../src/preview/exempt-workloads.ts'

const exemption = (name: string, expires?: string) => ({ name, ...(expires && { expires }) }) as Exemption
const workload = (name: string) => ({
  namespace: 'team-a',
  group: 'batch',
  kind: 'Job',
  resource: 'jobs',
  name,
})

t.test('each workload once, the exemptions by their last day', async (t) => {
  const exempt = new ExemptWorkloads()
  exempt.add(workload('a'), [exemption('always'), exemption('late', '2027-01-11')])
  exempt.add(workload('a'), [exemption('always'), exemption('soon', '2026-12-10')])
  exempt.add(workload('b'), [exemption('always')])
  exempt.add(workload('c'), [])
  t.strictSame(exempt.inOrder(), [
    { name: 'soon', expires: '2026-12-10', workloads: 1 },
    { name: 'late', expires: '2027-01-11', workloads: 1 },
    { name: 'always', workloads: 2 },
  ])
})

t.test('of many it is known that there are more', async (t) => {
  const exempt = new ExemptWorkloads()
  for (let index = 0; index <= MAX_EXEMPT; index++) exempt.add(workload(`${index}`), [exemption('a')])
  t.strictSame(exempt.inOrder(), [{ name: 'a', workloads: MAX_EXEMPT, more: true }])
})
