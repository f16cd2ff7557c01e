import type { Finding } from '../judge.ts'
import type { Exemption, PolicyDate } from '../policy/policy.ts'
import { RULE_IDS, type RuleId } from '../policy/rule-modes.ts'
import type { Remedy } from '../rules/remedy.ts'
import { objectKey } from './makers.ts'
import { type Breakage, type BrokenImage, TRIGGERS, type Trigger, type Workload } from './preview.ts'
import { replacementFor } from './replacement.ts'
import { byFrequency as mostFrequent, type Running, type RunningContainer } from './running-digests.ts'

/** Workloads of which everything is kept, some 22 MB with one image each; of the rest only the number. */
export const MAX_BREAKAGES = 20_000

/** Digests that are told apart under one image; a hundred versions at once is harm enough. */
const MAX_DIGESTS = 100

/** What is denied of an object. */
export interface Denied {
  readonly workload: Workload
  readonly trigger: Trigger
  readonly findings: readonly Finding[]
  /** Whether the object is the workload itself, so that it comes but once. */
  readonly itself: boolean
  /** Whether containers are called otherwise in the workload (a step `build` is a container `step-build`). */
  readonly renamed: boolean
}

/** A workload that would be denied, while it is being counted. */
interface Counting {
  readonly workload: Workload
  trigger: Trigger
  deniedFrom: PolicyDate | undefined
  readonly images: CountedImage[]
}

/** No more of a finding than is told in the end: 20,000 are kept at once. */
interface CountedImage {
  readonly container: string
  readonly image: string
  readonly problem: string
  readonly remedy: Remedy | undefined
  readonly rules: RuleId[]
  expired: Exemption | undefined
  running?: Running
}

/** The workloads that would be denied, each once however many of its objects are. */
export class Breakages {
  readonly #broken = new Map<string, Counting>()
  /** The keys of those beyond the bound that may come again. */
  readonly #beyond = new Set<string>()
  /** Texts that many workloads share, each once: every page of a list brings them anew. */
  readonly #texts = new Map<string, string>()
  #more = 0

  /** How many are denied beyond those of which everything is kept. */
  get more(): number {
    return this.#more
  }

  /** @returns whether its workload was in order before */
  add(denied: Denied): boolean {
    const { workload, trigger, findings, renamed } = denied
    const key = objectKey(workload.namespace, workload)
    const known = this.#broken.get(key)
    if (known === undefined && this.#broken.size >= MAX_BREAKAGES) return this.#countOnly(key, denied.itself)
    const counting = known ?? { workload, trigger, deniedFrom: findings[0]?.deniedFrom, images: [] }
    if (known === undefined) this.#broken.set(key, counting)
    if (TRIGGERS.indexOf(trigger) < TRIGGERS.indexOf(counting.trigger)) counting.trigger = trigger
    for (const finding of findings) {
      // The earliest day of all; none is at once.
      if ((finding.deniedFrom ?? '') < (counting.deniedFrom ?? '')) counting.deniedFrom = finding.deniedFrom
      this.#countImage(counting.images, finding, renamed)
    }
    return known === undefined
  }

  /** What a Pod runs under the images that would be denied, whether it would be itself or not. */
  addRunning(workload: Workload, read: () => readonly RunningContainer[]): void {
    const counting = this.#broken.get(objectKey(workload.namespace, workload))
    if (counting === undefined) return
    const containers = read()
    for (const counted of counting.images) {
      // While a new version is rolled out, some Pods have the image of the one before.
      const same = containers.filter(({ image }) => image === counted.image)
      const runs = same.find(({ name }) => name === counted.container) ?? same[0]
      if (runs === undefined) continue
      counted.running ??= new Map()
      const { running } = counted
      if (running.has(runs.digest) || running.size < MAX_DIGESTS)
        running.set(this.#shared(runs.digest), (running.get(runs.digest) ?? 0) + 1)
    }
  }

  /** By trigger, then the most frequent rule first, then by namespace and name. */
  inOrder(): Breakage[] {
    const breakages = [...this.#broken.values()].map(({ images, ...rest }) => ({
      ...rest,
      images: images.map(brokenImage),
    }))
    const rules = byFrequency(breakages)
    const first = ({ images }: Breakage) =>
      Math.min(...images.flatMap((image) => image.rules.map((rule) => rules.indexOf(rule))))
    return breakages.sort(
      (a, b) =>
        TRIGGERS.indexOf(a.trigger) - TRIGGERS.indexOf(b.trigger) ||
        first(a) - first(b) ||
        compare(a.workload.namespace, b.workload.namespace) ||
        compare(a.workload.name, b.workload.name) ||
        compare(a.workload.kind, b.workload.kind),
    )
  }

  #countOnly(key: string, once: boolean): boolean {
    if (this.#beyond.has(key)) return false
    if (!once) this.#beyond.add(key)
    this.#more += 1
    return true
  }

  #countImage(images: CountedImage[], finding: Finding, renamed: boolean): void {
    const { container, image, problem, remedy, rule, expired } = finding
    const known = images.find((it) => it.image === image && (renamed || it.container === container.name))
    if (known === undefined)
      images.push({
        container: this.#shared(container.name),
        image: this.#shared(image),
        problem: this.#shared(problem),
        remedy: remedy(),
        rules: [rule],
        expired,
      })
    else {
      if (!known.rules.includes(rule)) known.rules.push(rule)
      known.expired ??= expired
    }
  }

  #shared(text: string): string {
    const known = this.#texts.get(text)
    if (known === undefined) this.#texts.set(text, text)
    return known ?? text
  }
}

function brokenImage({ remedy, running = new Map(), expired, ...rest }: CountedImage): BrokenImage {
  const digests = mostFrequent(running)
  return {
    ...rest,
    ...(expired && { expired: { name: expired.name, expires: expired.expires } }),
    replacement: replacementFor(remedy, rest.image, rest.rules, digests[0]),
    running: digests,
  }
}

/** The rules that deny the most workloads first; where they are as many, in the order of the rules. */
function byFrequency(breakages: readonly Breakage[]): RuleId[] {
  const counts = new Map<RuleId, number>(RULE_IDS.map((rule) => [rule, 0]))
  for (const { images } of breakages)
    for (const rule of new Set(images.flatMap(({ rules }) => rules)))
      counts.set(rule, (counts.get(rule) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a).map(([rule]) => rule)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
