import type { Exemption } from '../policy/policy.ts'
import { objectKey } from './makers.ts'
import type { ExemptCount, Workload } from './preview.ts'

/** Workloads that are told apart, some 3 MB; of more it is only said that there are more. */
export const MAX_EXEMPT = 20_000

/** The workloads that would be denied but for an exemption, each once however many of its objects are. */
export class ExemptWorkloads {
  readonly #uses = new Map<string, { exemption: Exemption; workloads: Set<string>; more?: true }>()
  #counted = 0

  add(workload: Workload, exemptions: readonly Exemption[]): void {
    const workloadKey = objectKey(workload.namespace, workload)
    for (const exemption of exemptions) {
      // Two policies may have the same one.
      const key = `${exemption.name} ${exemption.expires}`
      const use = this.#uses.get(key) ?? { exemption, workloads: new Set<string>() }
      this.#uses.set(key, use)
      if (use.workloads.has(workloadKey)) continue
      if (this.#counted < MAX_EXEMPT) {
        use.workloads.add(workloadKey)
        this.#counted += 1
      } else use.more = true
    }
  }

  /** Those that end come first, in the order of their days. */
  inOrder(): ExemptCount[] {
    const dayOf = ({ expires = 'never' }: ExemptCount) => expires
    return [...this.#uses.values()]
      .map(({ exemption: { name, expires }, workloads, more }) => ({
        name,
        ...(expires && { expires }),
        workloads: workloads.size,
        ...(more && { more }),
      }))
      .sort((a, b) => (dayOf(a) < dayOf(b) ? -1 : dayOf(a) > dayOf(b) ? 1 : 0))
  }
}
