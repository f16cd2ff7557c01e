import type { Image } from '../image/image.ts'
import type { RuleId } from '../policy/rule-modes.ts'
import { type Candidate, candidates } from './candidates.ts'
import { datedExample } from './dated-tags.ts'
import { isOfficial } from './official.ts'
import { fillPlaceholders } from './placeholders.ts'
import type { Subject } from './rule.ts'

/** What to write instead: one remedy for a container that satisfies all rules at once. */
export interface Remedy {
  /** The value for `image:`, with placeholders `<…>` where a person has to choose; undefined: the image stays. */
  readonly image?: string
  /** Examples or a remark to print behind `image:` as a YAML comment. */
  readonly comment?: string
  /** A second way that also satisfies every rule: the same tag with `@sha256:<digest>`. */
  readonly alternative?: string
  /** The value for the pull policy field; undefined: it stays. */
  readonly pullPolicy?: 'Always' | 'IfNotPresent'
  /** What the pull policy field is called here: `imagePullPolicy`, `pullPolicy`. */
  readonly pullPolicyField?: string
  /** A command to run first: `crane copy FROM TO`. */
  readonly command?: string
  /** One clause in the imperative for a one-line warning: `write redis:<version>-alpine, until then imagePullPolicy: Always`. */
  readonly sentence: string
}

/** What a remedy is composed for. */
export interface RemedyContext {
  readonly subject: Subject
  /** The rules that it violates as it is written. */
  readonly violates: readonly RuleId[]
  /** A registry that keeps images, to recommend; undefined where the policy names none. */
  readonly keepingRegistry: string | undefined
  /** Today, for an example of a tag. */
  readonly today: Date
  /** Reads an image as the policy does. */
  read(image: string): Image
  /** The rules that a container with this image and pull policy (undefined: as it is written now) violates. */
  violated(image: string, pullPolicy: Remedy['pullPolicy']): readonly RuleId[]
}

/** The rules that another pull policy may settle. */
const PULL_RULES: ReadonlySet<RuleId> = new Set(['stalePull', 'needlessPull'])

/** The smallest change after which no rule has anything to say, or undefined where none can be known. */
export function composeRemedy(context: RemedyContext): Remedy | undefined {
  const { subject, keepingRegistry, read } = context
  for (const candidate of candidates(subject.image, keepingRegistry, read)) {
    // A placeholder that was pasted as it stands is part of the mistake.
    const asWritten = candidate.image === subject.image.original
    const filled = asWritten ? candidate.image : fillPlaceholders(candidate.image)
    const left = asWritten ? context.violates : context.violated(filled, undefined)
    const settled = settle(context, filled, left)
    if (settled !== undefined) return remedy(context, candidate, settled.pullPolicy)
  }
  return undefined
}

/** Whether an image settles everything, as it is or with another pull policy. `left` is what it violates as it is. */
function settle(
  { violated }: RemedyContext,
  image: string,
  left: readonly RuleId[],
): Pick<Remedy, 'pullPolicy'> | undefined {
  if (left.length === 0) return {}
  if (!left.every((rule) => PULL_RULES.has(rule))) return undefined
  const pullPolicy = (['IfNotPresent', 'Always'] as const).find((each) => violated(image, each).length === 0)
  return pullPolicy && { pullPolicy }
}

function remedy(context: RemedyContext, candidate: Candidate, pullPolicy: Remedy['pullPolicy']): Remedy {
  const { subject } = context
  const { field } = subject.pull
  const image = candidate.image === subject.image.original ? undefined : candidate.image
  const policyLine = pullPolicy && `${field}: ${pullPolicy}`
  if (image === undefined) return { pullPolicy, pullPolicyField: field, sentence: `set ${policyLine}` }

  const { byDigest } = candidate
  const offersDigest =
    byDigest !== undefined &&
    (subject.image.kind.name === 'partial' || subject.image.kind.name === 'floating') &&
    context.violated(fillPlaceholders(byDigest), pullPolicy).length === 0
  const command =
    candidate.copyFrom === undefined ? undefined : `crane copy ${candidate.copyFrom} ${withoutDigest(image)}`
  return {
    image,
    comment: comment(context, image),
    alternative: offersDigest ? byDigest : undefined,
    pullPolicy,
    pullPolicyField: field,
    command,
    sentence: sentence(context, image, policyLine, command),
  }
}

function comment({ subject: { image }, today }: RemedyContext, written: string): string | undefined {
  if (written.includes('<date>')) return `for example ${dated(image)}`
  const counter = ownCounter(image)
  if (counter !== undefined) return `if ${counter} is your own counter: push it as run-${counter}`
  if (written.endsWith('@sha256:<digest>')) return `crane digest ${image.original} prints it`
  if (!written.endsWith(':<version>')) return undefined
  if (isOfficial(image)) return 'for example 1.4.2'
  return `for example 1.4.2, ${today.toISOString().slice(0, 10).replaceAll('-', '')} or the git commit`
}

function sentence(
  { subject, violates }: RemedyContext,
  image: string,
  policyLine: string | undefined,
  command: string | undefined,
): string {
  const write = `write ${image}${policyLine === undefined ? '' : ` and ${policyLine}`}`
  if (command !== undefined) return `run ${command}, then ${write}`
  const counter = ownCounter(subject.image)
  const counted =
    counter === undefined
      ? write
      : `if ${counter} is your own counter, push it as run-${counter}, else ${write}`
  return violates.includes('stalePull') ? `${counted}, until then ${subject.pull.field}: Always` : counted
}

/** A tag that is only a number may count somebody's builds, but not in an image of Docker's official library. */
function ownCounter(image: Image): string | undefined {
  return image.kind.name === 'partial' &&
    image.kind.bareNumber &&
    !isOfficial(image) &&
    dated(image) === undefined
    ? image.kind.line
    : undefined
}

function dated({ reference }: Image): string | undefined {
  return reference.valid ? datedExample(reference) : undefined
}

/** A copy is pushed to a tag; the digest comes along by itself. */
function withoutDigest(image: string): string {
  const at = image.indexOf('@')
  const name = at < 0 ? image : image.slice(0, at)
  return at >= 0 && !/:[^/]*$/.test(name) ? image : name
}
