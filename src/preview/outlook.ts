import { type Finding, judge } from '../judge.ts'
import type { milder } from '../policy/mode.ts'
import type { PolicyDate } from '../policy/policy.ts'
import type { Regime } from '../policy/policy-set.ts'
import type { RuleId } from '../policy/rule-modes.ts'
import type { WorkloadKind } from '../workload/kinds.ts'
import { objectMeta } from '../workload/object-meta.ts'
import { originOf } from './ownership.ts'
import {
  type Breakage,
  type BrokenImage,
  type Preview,
  TRIGGERS,
  type Trigger,
  type Workload,
} from './preview.ts'
import { byFrequency, digestsOf, type Running } from './running-digests.ts'

/** Workloads of which everything is kept; of the rest only the number. With what they keep, some 20 MB. */
export const MAX_BREAKAGES = 20_000

/** Digests that are told apart under one image; a hundred versions at once is harm enough. */
const MAX_DIGESTS = 100

export interface OutlookOptions {
  /** What holds now; undefined: everything that would be denied is told, also what is denied already. */
  readonly before?: Regime
  /** What would hold. */
  readonly after: Regime
  readonly now: Date
}

/** A workload that would be denied, while it is being counted. */
interface Counting {
  readonly workload: Workload
  trigger: Trigger
  deniedFrom: PolicyDate | undefined
  /** By container name and image. */
  readonly images: Map<string, CountedImage>
}

interface CountedImage {
  readonly finding: Finding
  readonly rules: Set<RuleId>
  readonly running: Running
}

/**
 * Looks at the objects of a cluster one by one, and says what a change would break. Nothing of an object is kept unless it
 * would be denied.
 *
 * Give it the kinds in the order of {@link outlookOrder}: a Pod is counted to what owns it, so that has to be known before.
 */
export class Outlook {
  readonly #options: OutlookOptions
  readonly #broken = new Map<string, Counting>()
  readonly #namespaces = new Map<string, { workloads: number; denied: number }>()
  /** The CronJobs of Jobs, by the Jobs' keys; only of those that would be denied. */
  readonly #cronJobs = new Map<string, Workload>()
  #read = 0
  #more = 0

  constructor(options: OutlookOptions) {
    this.#options = options
  }

  /** Looks at one object, as it is stored. Never throws, whatever it looks like. */
  add(kind: WorkloadKind, object: unknown): void {
    this.#read += 1
    const { before, after, now } = this.#options
    const meta = objectMeta(object)
    const namespace = meta.namespace ?? ''
    const inForce = after(namespace)
    const origin = originOf(kind, meta, inForce.policy)
    const workload = this.#workloadOf(kind, namespace, origin.workload, inForce.policy.cluster.kinds)
    const count = this.#countOf(namespace)
    if (!origin.owned && origin.workload.name === meta.name) count.workloads += 1

    const judged = { group: kind.group, kind: kind.kind, object, namespace: inForce.namespace }
    const { ceiling } = origin
    const found = judge(judged, inForce.policy, now, () => ceiling).findings.filter(isDenied)
    const denied =
      before === undefined ? found : newly(found, deniedBefore(judged, before(namespace), now, ceiling))
    if (denied.length > 0) this.#count(workload, triggerOf(kind, origin.owned, workload), denied, count)
    if (kind.kind === 'Pod' && kind.group === '') this.#addDigests(workload, object)
    if (kind.kind === 'Job' && kind.group === 'batch' && origin.owned)
      this.#remember(namespace, meta.name, workload)
  }

  result(rest: Pick<Preview, 'stopped' | 'unread'> = { unread: [] }): Preview {
    const breakages = [...this.#broken.values()].map(breakageOf)
    const frequency = new Map<RuleId, number>()
    for (const { images } of breakages)
      for (const rule of new Set(images.flatMap(({ rules }) => rules)))
        frequency.set(rule, (frequency.get(rule) ?? 0) + 1)
    const often = ({ images }: Breakage) =>
      Math.max(...images.flatMap(({ rules }) => rules.map((rule) => frequency.get(rule) ?? 0)))
    breakages.sort(
      (a, b) =>
        TRIGGERS.indexOf(a.trigger) - TRIGGERS.indexOf(b.trigger) ||
        often(b) - often(a) ||
        compare(a.workload.namespace, b.workload.namespace) ||
        compare(a.workload.name, b.workload.name) ||
        compare(a.workload.kind, b.workload.kind),
    )
    return { breakages, more: this.#more, namespaces: this.#namespaces, read: this.#read, ...rest }
  }

  #workloadOf(
    kind: WorkloadKind,
    namespace: string,
    { group, kind: name, name: called }: { group: string; kind: string; name: string },
    kinds: { find(group: string, kind: string): WorkloadKind | undefined },
  ): Workload {
    const resource =
      group === kind.group && name === kind.kind ? kind.resource : (kinds.find(group, name)?.resource ?? '')
    const workload = { namespace, group, kind: name, resource, name: called }
    return this.#cronJobs.get(keyOf(workload)) ?? workload
  }

  #count(workload: Workload, trigger: Trigger, denied: readonly Finding[], count: { denied: number }): void {
    const key = keyOf(workload)
    let counting = this.#broken.get(key)
    if (counting === undefined) {
      count.denied += 1
      if (this.#broken.size >= MAX_BREAKAGES) {
        this.#more += 1
        return
      }
      counting = { workload, trigger, deniedFrom: denied[0]?.deniedFrom, images: new Map() }
      this.#broken.set(key, counting)
    }
    if (TRIGGERS.indexOf(trigger) < TRIGGERS.indexOf(counting.trigger)) counting.trigger = trigger
    for (const finding of denied) {
      if (finding.deniedFrom === undefined) counting.deniedFrom = undefined
      const name = imageKey(finding.container.name, finding.image)
      const image = counting.images.get(name) ?? { finding, rules: new Set(), running: new Map() }
      image.rules.add(finding.rule)
      counting.images.set(name, image)
    }
  }

  /** What runs now under the images that would be denied, whether this Pod itself would be or not. */
  #addDigests(workload: Workload, pod: unknown): void {
    const counting = this.#broken.get(keyOf(workload))
    if (counting === undefined) return
    const digests = digestsOf(pod)
    for (const { finding, running } of counting.images.values()) {
      const digest = digests.get(finding.container.name)
      if (digest === undefined || !runsImage(pod, finding)) continue
      if (running.has(digest) || running.size < MAX_DIGESTS)
        running.set(digest, (running.get(digest) ?? 0) + 1)
    }
  }

  #remember(namespace: string, name = '', owner: Workload): void {
    if (this.#broken.has(keyOf(owner)))
      this.#cronJobs.set(keyOf({ namespace, group: 'batch', kind: 'Job', name }), owner)
  }

  #countOf(namespace: string): { workloads: number; denied: number } {
    const count = this.#namespaces.get(namespace) ?? { workloads: 0, denied: 0 }
    this.#namespaces.set(namespace, count)
    return count
  }
}

/**
 * What a Deployment and a StatefulSet make of themselves says nothing that they do not say. Of a PodTemplate nothing makes
 * Pods, and the ClusterRole view does not let one read it.
 */
const LEFT_OUT: ReadonlySet<string> = new Set(['apps/ReplicaSet', 'apps/ControllerRevision', '/PodTemplate'])

/** Kinds in the order that an Outlook wants them: owners before what they own, Pods last. */
export function outlookOrder(kinds: readonly WorkloadKind[]): WorkloadKind[] {
  const rank = ({ group, kind }: WorkloadKind) =>
    group === '' && kind === 'Pod' ? 2 : group === 'batch' && kind === 'Job' ? 1 : 0
  return kinds
    .filter(({ group, kind }) => !LEFT_OUT.has(`${group}/${kind}`))
    .sort((a, b) => rank(a) - rank(b))
}

function isDenied({ mode, deniedFrom }: Finding): boolean {
  return mode === 'enforce' || deniedFrom !== undefined
}

/** From when each container and rule is denied already: a day, or an empty text for now. */
function deniedBefore(
  judged: Parameters<typeof judge>[0],
  { policy, namespace }: ReturnType<Regime>,
  now: Date,
  ceiling: Parameters<typeof milder>[0],
): ReadonlyMap<string, string> {
  const findings = judge({ ...judged, namespace }, policy, now, () => ceiling).findings.filter(isDenied)
  return new Map(findings.map((finding) => [findingKey(finding), finding.deniedFrom ?? '']))
}

/** What is denied that was not, or earlier than it was. */
function newly(findings: readonly Finding[], before: ReadonlyMap<string, string>): Finding[] {
  return findings.filter((finding) => {
    const day = before.get(findingKey(finding))
    return day === undefined || (finding.deniedFrom ?? '') < day
  })
}

function findingKey({ container, rule }: Finding): string {
  return `${container.field} ${rule}`
}

/** Whether a Pod's container has the image that its owner names; while a new version is rolled out, some have the one before. */
function runsImage(pod: unknown, { container, image }: Finding): boolean {
  const spec = Object((pod as { spec?: unknown }).spec) as Record<string, unknown>
  return ['containers', 'initContainers', 'ephemeralContainers'].some((list) => {
    const containers = spec[list]
    return (
      Array.isArray(containers) &&
      containers.map(Object).some((it) => it.name === container.name && it.image === image)
    )
  })
}

function triggerOf(kind: WorkloadKind, owned: boolean, workload: Workload): Trigger {
  if (owned) return 'itself'
  // A Pod of a Workflow is made at the Workflow's next run.
  return kind.longLived && workload.kind === kind.kind ? 'change' : 'next'
}

function breakageOf({ workload, trigger, deniedFrom, images }: Counting): Breakage {
  return { workload, trigger, deniedFrom, images: [...images.values()].map(brokenImage) }
}

function brokenImage({ finding, rules, running }: CountedImage): BrokenImage {
  const { container, image, problem } = finding
  const digests = byFrequency(running)
  return {
    container: container.name,
    image,
    rules: [...rules],
    problem,
    remedy: remedyOf(finding, digests[0]),
    running: digests,
  }
}

/** The tag as it is with the digest that runs, where a digest is an answer; else what the finding says. */
function remedyOf({ remedy, image, rule }: Finding, digest: string | undefined): string | undefined {
  if (digest === undefined || image.includes('@')) return remedy?.image
  if (remedy?.alternative !== undefined)
    return remedy.alternative.replace('<digest>', digest.replace('sha256:', ''))
  return DIGEST_ANSWERS.has(rule) ? `${image}@${digest}` : remedy?.image
}

/** Rules that a digest satisfies. */
const DIGEST_ANSWERS: ReadonlySet<RuleId> = new Set([
  'latestTag',
  'partialTag',
  'floatingTag',
  'digestMissing',
])

function keyOf({ namespace, group, kind, name }: Omit<Workload, 'resource'>): string {
  return `${namespace}/${group}/${kind}/${name}`
}

function imageKey(container: string, image: string): string {
  return `${container} ${image}`
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
