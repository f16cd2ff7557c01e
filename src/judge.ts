import { byStrictness, type Mode, milder } from './policy/mode.ts'
import type { Exemption, Policy, PolicyDate } from './policy/policy.ts'
import type { RuleId } from './policy/rule-modes.ts'
import { type Namespace, type Switch, switchFor } from './policy/switch.ts'
import { composeRemedy, type Remedy } from './rules/remedy.ts'
import type { Subject } from './rules/rule.ts'
import { subjectOf } from './rules/subject.ts'
import { joinTagAndPull } from './rules/tag-and-pull.ts'
import { type Standing, type Violated, violationsOf } from './rules/violations.ts'
import type { Container } from './workload/container.ts'
import { containersOf } from './workload/containers.ts'
import type { WorkloadKind } from './workload/kinds.ts'

/** An object to judge. Group and kind are the request's, not the object's own text. */
export interface Judged {
  readonly group: string
  readonly kind: string
  readonly object: unknown
  readonly namespace: Namespace
}

/** One container's violation of one rule (the tag and the pull policy of a container are one finding). */
export interface Finding {
  readonly rule: RuleId
  /** The mode that holds, never `disabled`. */
  readonly mode: Mode
  /** Set where the finding only warns until that day and is denied from it on. */
  readonly deniedFrom?: PolicyDate
  readonly container: Container
  /** The image as written; an empty string where there is none to speak of. Not trustworthy text. */
  readonly image: string
  /** A clause whose subject is the image: `moves to each new 1.36.z, but imagePullPolicy IfNotPresent keeps …`. */
  readonly problem: string
  /** The same in a few words, where it is long: `moves`. */
  readonly brief?: string
  /** A clause in the imperative: `use a tag that is pushed once`. */
  readonly action: string
  /**
   * What to write instead; the same for all findings of a container; undefined where it cannot be known. Composed when it is
   * first asked for: that takes longer than all else, and of an object with thousands of findings a message shows a few.
   */
  readonly remedy: () => Remedy | undefined
  /** A suspicion worth a look, a sentence without a stop. */
  readonly hint?: string
  /** An exemption that would have covered this, had it not expired. */
  readonly expired?: Exemption
}

/** The answer about an object. */
export interface Judgement {
  /** Strictest first, then in the order of the object. */
  readonly findings: readonly Finding[]
  /** Exemptions that silenced something, each once. */
  readonly exemptions: readonly Exemption[]
  /** The switch that held. */
  readonly switch: Switch
  /** The number of images that were looked at. */
  readonly images: number
}

/**
 * So often a container that violates something is compared with a glob of an exemption, some microseconds each: of 60,000
 * images (a Task of 1.5 MB) and 600 globs that would take longer than the API server waits, and what it does not wait for
 * passes unjudged. In what is beyond, nothing is exempt; no object that people write comes near: it is 400 containers under
 * 600 globs.
 */
export const MAX_EXEMPTION_TRIES = 240_000

/**
 * Judges an object by a policy at a time: the one entry of the webhook, the commands and every report.
 * Pure; never throws, whatever the object looks like. A kind that the policy does not know has no findings.
 * @param ceiling limits the mode of a container's findings (an unchanged container, an owned object)
 */
export function judge(
  judged: Judged,
  policy: Policy,
  now: Date,
  ceiling: (container: Container) => Mode = () => 'enforce',
): Judgement {
  const kind = policy.cluster.kinds.find(judged.group, judged.kind)
  const held = switchFor(policy, judged.namespace, now)
  if (kind === undefined) return { findings: [], exemptions: [], switch: held, images: 0 }

  let standing: Standing = { policy, switch: held, namespace: judged.namespace.name, now }
  const findings: Finding[] = []
  const exemptions = new Set<Exemption>()
  let images = 0
  let triesLeft = MAX_EXEMPTION_TRIES
  const tries = policy.exemptions.reduce((sum, { globs }) => sum + globs, 0)
  for (const container of containersOf(kind, judged.object)) {
    const subject = subjectOf(container, kind, policy.cluster)
    if (subject === undefined) continue
    images += 1
    const limit = container.list === 'ephemeralContainers' ? policy.ephemeralContainers : 'enforce'
    const found = violationsOf(subject, standing, container.name, milder(limit, ceiling(container)))
    for (const exemption of found.exemptions) exemptions.add(exemption)
    if (found.violated.length > 0)
      findings.push(...findingsOf(container, subject, found.violated, kind, standing))
    if (found.violated.length + found.exemptions.length === 0) continue
    triesLeft -= tries
    if (triesLeft < tries) standing = { ...standing, policy: { ...policy, exemptions: [] } }
  }
  if (findings.length > 1) findings.sort((a, b) => byStrictness(a.mode, b.mode))
  return { findings, exemptions: [...exemptions], switch: held, images }
}

function findingsOf(
  container: Container,
  subject: Subject,
  violated: readonly Violated[],
  kind: WorkloadKind,
  standing: Standing,
): Finding[] {
  const remedy = once(() => remedyFor(container, subject, violated, kind, standing))
  return joinTagAndPull(violated).map(({ rule, mode, deniedFrom, problem, brief, action, expired }) => ({
    rule,
    mode,
    deniedFrom,
    container,
    image: subject.image.original,
    problem,
    brief,
    action,
    // No getter: V8 gives every object with one of its own a hidden class, which keeps it until a full collection.
    remedy,
    hint: subject.image.kind.hint,
    expired,
  }))
}

function remedyFor(
  container: Container,
  subject: Subject,
  violated: readonly Violated[],
  kind: WorkloadKind,
  standing: Standing,
): Remedy | undefined {
  const { policy, now } = standing
  return composeRemedy({
    subject,
    violates: violated.map(({ rule }) => rule),
    keepingRegistry: policy.cluster.keepingRegistries[0],
    today: now,
    read: policy.cluster.readImage,
    violated(image, pullPolicy = container.pullPolicy) {
      const changed = subjectOf(
        { ...container, malformed: undefined, image, pullPolicy },
        kind,
        policy.cluster,
      )
      if (changed === undefined) return []
      return violationsOf(changed, standing, container.name, 'enforce').violated.map(({ rule }) => rule)
    },
  })
}

/** A value that is made when it is first asked for, and then kept. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
