import { Gauge, type Registry } from 'prom-client'
import { exemptionEnds } from '../policy/exemption-ends.ts'
import type { PolicySource } from './policy-source.ts'

/** Ends of exemptions that get a series each, the soonest first; a policy has 500 exemptions at most, and few have an end. */
export const MAX_EXEMPTION_ENDS = 200

/**
 * Registers what is computed of the policies at each scrape: how far the namespaces are, whether anything is sent to be judged by
 * them, and when exemptions end.
 */
export function policyGauges(
  registry: Registry,
  policies: Pick<PolicySource, 'inForce' | 'namespaceStages' | 'registered'>,
  now: () => Date,
): void {
  const registers = [registry]
  new Gauge({
    name: 'tallyman_namespaces',
    help: 'Namespaces by stage: the mode that their switch has now, or enforceLater where it warns until a day comes that is set. No series where no cluster is followed.',
    labelNames: ['stage'],
    registers,
    async collect() {
      const counts = await policies.namespaceStages?.()
      this.reset()
      for (const [stage, count] of counts ?? []) this.set({ stage }, count)
    },
  })
  new Gauge({
    name: 'tallyman_registered',
    help: '1 where the API server has the webhook configuration and its entry for workloads, 0 where it has not and nothing is judged. No series while that is not known, nor where no cluster is followed.',
    registers,
    collect() {
      const installed = policies.registered?.().installed
      // reset() would make it 0.
      if (installed === undefined) this.remove({})
      else this.set(installed ? 1 : 0)
    },
  })
  new Gauge({
    name: 'tallyman_exemption_end_timestamp_seconds',
    help: `From when on an exemption is void, by the names of the policy and of the exemption; in the past where it is. Those that have an end, the first ${MAX_EXEMPTION_ENDS}, the soonest first.`,
    labelNames: ['policy', 'exemption'],
    registers,
    collect() {
      this.reset()
      const inForce = policies.inForce().map(({ policy }) => policy)
      for (const { policy, exemption, end } of exemptionEnds(inForce, now()).slice(0, MAX_EXEMPTION_ENDS))
        this.set({ policy, exemption }, end.getTime() / 1000)
    },
  })
}
