import { type Finding, type Judgement, judge } from '../judge.ts'
import type { Mode } from '../policy/mode.ts'
import type { InForce, Regime } from '../policy/policy-set.ts'
import type { Container } from '../workload/container.ts'
import type { KindsTable, WorkloadKind } from '../workload/kinds.ts'
import { type ObjectMeta, objectMeta } from '../workload/object-meta.ts'
import { Breakages } from './breakages.ts'
import { Makers } from './makers.ts'
import { denies, newlyDenied } from './newly-denied.ts'
import { type Named, type Origin, originOf } from './ownership.ts'
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

    const trigger = triggerOf(kind, origin, kinds.find(workload.group, workload.kind))
    const findings = this.#newlyDenied(kind, object, meta, inForce, origin, trigger)
    if (findings.length > 0) {
      const itself = origin.maker === undefined
      const renamed = isPod && !itself && !origin.owned
      if (this.#breakages.add({ workload, trigger, findings, itself, renamed })) count.denied += 1
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
    kind: WorkloadKind,
    object: unknown,
    meta: ObjectMeta,
    inForce: InForce,
    { ceiling }: Origin,
    trigger: Trigger,
  ): readonly Finding[] {
    const { before, now } = this.#options
    const judged = { group: kind.group, kind: kind.kind, object }
    const findingsOf = ({ policy, namespace }: InForce, limit: Mode): Judgement['findings'] =>
      judge({ ...judged, namespace }, policy, now, ceilingFor(limit)).findings.filter(denies)
    const after = findingsOf(inForce, ceiling)
    const was = after.length === 0 ? undefined : before?.(meta.namespace ?? '')
    if (was === undefined) return after
    return newlyDenied(after, findingsOf(was, originOf(kind, meta, was.policy).ceiling), trigger !== 'change')
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
