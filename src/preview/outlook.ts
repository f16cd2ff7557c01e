import { type Finding, type Judgement, judge } from '../judge.ts'
import type { Mode } from '../policy/mode.ts'
import type { Policy } from '../policy/policy.ts'
import type { InForce, Regime } from '../policy/policy-set.ts'
import type { Container } from '../workload/container.ts'
import type { KindsTable, WorkloadKind } from '../workload/kinds.ts'
import { type ObjectMeta, objectMeta } from '../workload/object-meta.ts'
import { Breakages } from './breakages.ts'
import { ExemptWorkloads } from './exempt-workloads.ts'
import { judgeAhead } from './judge-ahead.ts'
import { Makers } from './makers.ts'
import { denies, newlyDenied } from './newly-denied.ts'
import { ceilingOfMade, type Named, type Origin, originOf } from './ownership.ts'
import type { Preview, Trigger, Workload } from './preview.ts'
import { runningContainers } from './running-digests.ts'

export interface OutlookOptions {
  /** What holds now; undefined: everything that would be denied is told, also what is denied already. */
  readonly before?: Regime
  /** What would hold. */
  readonly after: Regime
  readonly now: Date
}

/**
 * Looks at the objects of a cluster one by one, and says what a change would break. Nothing of an object is kept unless it
 * would be denied, and its maker's name.
 *
 * Give it the kinds in the order of {@link outlookOrder}: a Pod is counted to what it was made for, so that has to be known before.
 */
export class Outlook {
  readonly #options: OutlookOptions
  readonly #breakages = new Breakages()
  readonly #exempt = new ExemptWorkloads()
  readonly #makers = new Makers()
  readonly #namespaces = new Map<string, { workloads: number; denied: number }>()
  #read = 0

  constructor(options: OutlookOptions) {
    this.#options = options
  }

  /** Looks at one object, as it is stored. Never throws, whatever it looks like. */
  add(kind: WorkloadKind, object: unknown): void {
    this.#read += 1
    const meta = objectMeta(object)
    const inForce = this.#options.after(meta.namespace ?? '')
    const origin = originOf(kind, meta, inForce.policy)
    const { kinds } = inForce.policy.cluster
    const isPod = kind.group === '' && kind.kind === 'Pod'
    const workload = this.#workloadOf(kind, meta, origin, kinds)
    const count = this.#countOf(workload.namespace)
    if (origin.maker === undefined) count.workloads += 1
    else if (!isPod) this.#makers.remember(workload.namespace, named(kind, meta), origin.maker)

    const seen = { kind, object, meta, workload, inForce }
    for (const way of waysOf(seen, origin, kinds.find(workload.group, workload.kind))) {
      const findings = this.#newlyDenied(seen, way)
      if (findings.length === 0) continue
      const { trigger } = way
      const itself = origin.maker === undefined
      const renamed = isPod && !itself && !origin.owned
      if (this.#breakages.add({ workload, trigger, findings, itself, renamed })) count.denied += 1
      break
    }
    if (isPod) this.#breakages.addRunning(workload, () => runningContainers(object))
  }

  result(rest: Pick<Preview, 'stopped' | 'unread'> = { unread: [] }): Preview {
    return {
      breakages: this.#breakages.inOrder(),
      more: this.#breakages.more,
      // What was only seen by what it makes, such as an operator's object of a kind that no policy knows, is a workload too.
      namespaces: new Map(
        [...this.#namespaces].map(([name, { workloads, denied }]) => [
          name,
          { workloads: Math.max(workloads, denied), denied },
        ]),
      ),
      exempt: this.#exempt.inOrder(),
      read: this.#read,
      ...rest,
    }
  }

  #workloadOf(kind: WorkloadKind, meta: ObjectMeta, { maker }: Origin, kinds: KindsTable): Workload {
    const namespace = meta.namespace ?? ''
    if (maker === undefined) return { namespace, resource: kind.resource, ...named(kind, meta) }
    const first = this.#makers.firstOf(namespace, maker)
    return { namespace, resource: kinds.find(first.group, first.kind)?.resource ?? '', ...first }
  }

  /** What is denied of an object, less what was denied of it before. */
  #newlyDenied(
    { kind, object, meta, workload, inForce }: Seen,
    { trigger, ceilingBy }: Way,
  ): readonly Finding[] {
    const { before, now } = this.#options
    const judged = { group: kind.group, kind: kind.kind, object }
    const judgedBy = ({ policy, namespace }: InForce): Judgement =>
      judgeAhead((time) => judge({ ...judged, namespace }, policy, time, ceilingFor(ceilingBy(policy))), now)
    const after = judgedBy(inForce)
    const { exemptions, switch: held } = after
    const enforced = held.mode === 'enforce' || held.deniedFrom !== undefined
    if (exemptions.length > 0 && enforced && ceilingBy(inForce.policy) === 'enforce')
      this.#exempt.add(workload, exemptions)
    const denied = after.findings.filter(denies)
    const was = denied.length === 0 ? undefined : before?.(meta.namespace ?? '')
    if (was === undefined) return denied
    return newlyDenied(denied, judgedBy(was).findings.filter(denies), trigger !== 'change')
  }

  #countOf(namespace: string): { workloads: number; denied: number } {
    const count = this.#namespaces.get(namespace) ?? { workloads: 0, denied: 0 }
    this.#namespaces.set(namespace, count)
    return count
  }
}

function named({ group, kind }: WorkloadKind, { name = '' }: ObjectMeta): Named {
  return { group, kind, name }
}

/** An object, what it was made for, and what would hold there. */
interface Seen {
  readonly kind: WorkloadKind
  readonly object: unknown
  readonly meta: ObjectMeta
  readonly workload: Workload
  readonly inForce: InForce
}

/** When an object, or one that is made from it, may be denied. */
interface Way {
  readonly trigger: Trigger
  /** The strictest mode that its findings may then have. */
  ceilingBy(policy: Policy): Mode
}

/** The first one that denies is the one that counts. */
function waysOf({ kind, meta, inForce }: Seen, origin: Origin, workload: WorkloadKind | undefined): Way[] {
  const own: Way = {
    trigger: triggerOf(kind, origin, workload),
    ceilingBy: (policy) => (policy === inForce.policy ? origin : originOf(kind, meta, policy)).ceiling,
  }
  // Where nothing is spared, its controller is denied what it makes of it next, also where there is nothing of it yet.
  if (own.trigger !== 'change' || ceilingOfMade(kind, inForce.policy) !== 'enforce') return [own]
  return [{ trigger: 'itself', ceilingBy: (policy) => ceilingOfMade(kind, policy) ?? 'disabled' }, own]
}

/** A Pod that is made again has no ephemeral containers: those are put into one that runs. */
function ceilingFor(limit: Mode): (container: Container) => Mode {
  return ({ list }) => (list === 'ephemeralContainers' ? 'disabled' : limit)
}

/** @param workload the kind of what the object was made for; undefined where the policy does not know it */
function triggerOf(
  kind: WorkloadKind,
  { maker, owned }: Origin,
  workload: WorkloadKind | undefined,
): Trigger {
  if (owned) return 'itself'
  // A Pod of a Workflow, which somebody runs again; that of a CronWorkflow is made with nobody touching it.
  if (maker !== undefined) return workload?.longLived ? 'itself' : 'next'
  // What has placeholders is a template: the Pods of each run are judged in full.
  return kind.longLived && kind.substitution === undefined ? 'change' : 'next'
}

/**
 * What a Deployment and a StatefulSet make of themselves says nothing that they do not say. Of a PodTemplate nothing makes
 * Pods, and the ClusterRole view does not let one read it.
 */
const LEFT_OUT: ReadonlySet<string> = new Set(['apps/ReplicaSet', 'apps/ControllerRevision', '/PodTemplate'])

/** The kinds that an Outlook wants, in its order: owners before what they own, Pods last. */
export function outlookOrder(kinds: readonly WorkloadKind[]): WorkloadKind[] {
  return kinds
    .filter(({ group, kind }) => !LEFT_OUT.has(`${group}/${kind}`))
    .sort((a, b) => rank(a) - rank(b))
}

/** Jobs are made for many other kinds, Pods for nearly all. */
function rank({ group, kind }: WorkloadKind): number {
  if (group === '' && kind === 'Pod') return 2
  return group === 'batch' && kind === 'Job' ? 1 : 0
}
