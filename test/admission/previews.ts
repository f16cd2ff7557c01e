import type { PolicyDate } from '../../src/policy/policy.ts'
import type { RuleId } from '../../src/policy/rule-modes.ts'
import type { Breakage, Preview, Trigger } from '../../src/preview/preview.ts'

/** `CronJob/backup in team-a` uses this image, against these rules. */
export function breakage(
  trigger: Trigger,
  workload: string,
  image: string,
  rules: readonly RuleId[],
  change: Partial<Breakage> & { readonly deniedFrom?: PolicyDate } = {},
): Breakage {
  const [, kind = '', name = '', namespace = ''] = /^(\w+)\/(\S+) in (\S+)$/.exec(workload) ?? []
  return {
    trigger,
    workload: { namespace, group: 'batch', kind, resource: `${kind.toLowerCase()}s`, name },
    images: [{ container: 'main', image, rules, problem: 'moves', running: [] }],
    ...change,
  }
}

/** A preview with these breakages, in namespaces of ten workloads each. */
export function preview(breakages: readonly Breakage[], change: Partial<Preview> = {}): Preview {
  const namespaces = new Map<string, { workloads: number; denied: number }>()
  for (const { workload } of breakages) {
    const { denied } = namespaces.get(workload.namespace) ?? { denied: 0 }
    namespaces.set(workload.namespace, { workloads: 10, denied: denied + 1 })
  }
  return { breakages, more: 0, namespaces, exempt: [], read: 100, unread: [], ...change }
}
