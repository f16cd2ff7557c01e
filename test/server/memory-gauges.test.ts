import { Registry } from 'prom-client'
import t from 'tap'
import { memoryGauges } from '../../src/server/memory-gauges.ts'

const MIB = 1024 * 1024

function gauges(constrained: () => number): () => Promise<string[]> {
  const registry = new Registry()
  memoryGauges(registry, constrained)
  return async () => (await registry.metrics()).split('\n').filter((line) => line.startsWith('tallyman_'))
}

t.test('the limit of the container, as it is at each scrape', async (t) => {
  let limit = 640 * MIB
  const lines = gauges(() => limit)
  t.ok((await lines()).includes(`tallyman_memory_limit_bytes ${640 * MIB}`))
  limit = 1024 * MIB // a Pod that is resized
  t.ok((await lines()).includes(`tallyman_memory_limit_bytes ${1024 * MIB}`))
})

const none: [constrained: number, why: string][] = [
  [0, 'nothing is known of a limit'],
  [2 ** 64, 'none is set'],
  [2 ** 63 - 4096, 'none is set, in cgroup v1'],
]
for (const [constrained, why] of none)
  t.test(`no limit: ${why}`, async (t) =>
    t.same(
      (await gauges(() => constrained)()).filter((line) => line.startsWith('tallyman_memory')),
      [],
    ),
  )

t.test('the limit of the heap', async (t) => {
  const [line = ''] = (await gauges(() => 0)()).filter((line) =>
    line.startsWith('tallyman_heap_limit_bytes '),
  )
  t.ok(Number(line.split(' ')[1]) > 16 * MIB, line)
})

t.test('what this process is told', async (t) => {
  const registry = new Registry()
  memoryGauges(registry)
  t.match(await registry.metrics(), /^tallyman_heap_limit_bytes \d+$/m)
})
