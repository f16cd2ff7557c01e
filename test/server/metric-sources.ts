import type { MetricSources } from '../../src/server/metrics.ts'
import { fixedPolicy } from '../../src/server/policy-source.ts'
import { enforcing } from './listening.ts'

/** Of a server that has nothing to do, and whose policy and certificate are in order. */
export function metricSources(others: Partial<MetricSources> = {}): MetricSources {
  return {
    bytesInFlight: () => 0,
    connections: () => 0,
    ready: () => true,
    droppedLogLines: () => 0,
    now: () => new Date('2026-11-28T12:00:00Z'),
    policies: fixedPolicy(enforcing),
    certificates: { fault: undefined },
    ...others,
  }
}
