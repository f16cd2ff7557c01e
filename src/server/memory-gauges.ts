import { getHeapStatistics } from 'node:v8'
import { Gauge, type Registry } from 'prom-client'

/**
 * Registers what bounds the memory of this process, read at each scrape, because a Pod can be resized while it runs.
 * @param constrained the limit of the control group in bytes, as libuv says it: where there is none, 0 or more than a machine has
 */
export function memoryGauges(registry: Registry, constrained = () => process.constrainedMemory()): void {
  const registers = [registry]
  new Gauge({
    name: 'tallyman_memory_limit_bytes',
    help: 'The memory limit of the container, at which the kernel kills the process. No series where there is none.',
    registers,
    collect() {
      const limit = constrained()
      // No limit is 2^64-1, or in cgroup v1 2^63 less a page.
      if (limit > 0 && Number.isSafeInteger(limit)) this.set(limit)
      else this.remove({})
    },
  })
  new Gauge({
    name: 'tallyman_heap_limit_bytes',
    help: "The limit of Node's heap (--max-old-space-size and the young generation), at which the process ends itself; nodejs_heap_size_used_bytes is what is used of it.",
    registers,
    collect() {
      this.set(getHeapStatistics().heap_size_limit)
    },
  })
}
