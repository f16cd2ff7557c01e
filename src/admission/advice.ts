import type { Finding } from '../judge.ts'
import type { RuleId } from '../policy/rule-modes.ts'
import { imageText, shortImage } from './image-text.ts'
import type { Occasion } from './occasion.ts'
import { plainText } from './plain-text.ts'

/** A clause of a rule: our own words around a tag, which may have 128 characters. */
const MAX_CLAUSE = 320

/** A command names two references. */
const MAX_COMMAND = 900

/** Rules that may speak of the pull policy. */
const PULL_RULES: readonly RuleId[] = ['latestTag', 'partialTag', 'floatingTag', 'stalePull', 'needlessPull']

/** What to write instead, for a message that has room for YAML. Plain text. */
export interface Advice {
  /** Values to paste, each with remarks that belong behind a `#`. */
  readonly lines: readonly { readonly text: string; readonly remarks: readonly string[] }[]
  /** What else to know or do; belongs behind a `#` too. */
  readonly notes: readonly string[]
}

/** What is wrong with the image, a clause. Plain text. */
export function problemText(finding: Finding): string {
  return plainText(finding.problem, MAX_CLAUSE)
}

/** The same in as few words as there are for it. Plain text. */
export function briefProblem(finding: Finding): string {
  return plainText(finding.brief ?? finding.problem, MAX_CLAUSE)
}

/** What to do about it, a clause in the imperative. Plain text. */
export function actionText(finding: Finding): string {
  return plainText(finding.action, MAX_CLAUSE)
}

/** What to write for a finding, for a message that has room for YAML. */
export function adviceFor(finding: Finding, occasion: Occasion): Advice {
  return { lines: linesOf(finding, occasion), notes: notesOf(finding, occasion) }
}

/** What to write for a finding, one clause in the imperative. Plain text. */
export function adviceSentence(finding: Finding, occasion: Occasion): string {
  const remedy = finding.remedy()
  if (remedy === undefined) return actionText(finding)
  if (!isStiff(finding, occasion)) return plainText(remedy.sentence, MAX_COMMAND)
  const anew = makeAnew(finding)
  if (isVolume(finding) || remedy.image === undefined) return anew ?? actionText(finding)
  const first = remedy.command === undefined ? '' : `run ${remedy.command}, then `
  const write = plainText(`${first}write ${remedy.image}`, MAX_COMMAND)
  return anew === undefined ? write : `${write}, or ${anew}`
}

/** The same in fewer words, for a line that has no room for commands and second ways. Plain text. */
export function shortAdvice(finding: Finding, occasion: Occasion): string {
  const remedy = finding.remedy()
  if (remedy?.image === undefined || isStiff(finding, occasion)) return actionText(finding)
  const [name = '', digest] = remedy.image.split('@')
  // The reader has the 64 digits already.
  const same = digest !== undefined && finding.image.endsWith(`@${digest}`)
  const image = same ? `${imageText(name)} with the same digest` : imageText(remedy.image)
  return remedy.command === undefined ? `write ${image}` : `copy it to ${image} and write that`
}

/** What is left of it where there is no room for a reference: where to copy it, else what to do. Plain text. */
export function leastAdvice(finding: Finding, occasion: Occasion): string {
  const { image = '', command } = finding.remedy() ?? {}
  const host = image.slice(0, Math.max(image.indexOf('/'), 0))
  if (command === undefined || host === '' || isStiff(finding, occasion)) return actionText(finding)
  return `copy it to ${imageText(host)} and use it from there`
}

/** What explains a finding further: where a pull policy comes from, a suspicion, an exemption that has expired. Plain text. */
export function explanations(finding: Finding, occasion: Occasion): string[] {
  const { container, hint, expired } = finding
  const notes: string[] = []
  const keptFrom = keptPolicyFrom(finding, occasion)
  if (keptFrom !== undefined)
    notes.push(
      `${policyField(finding)} ${plainText(String(container.pullPolicy), 20)} is kept from ${shortImage(keptFrom)}: kubectl keeps what it is not told to change`,
    )
  if (hint !== undefined) notes.push(plainText(hint, MAX_CLAUSE))
  if (expired !== undefined)
    notes.push(`the exemption "${plainText(expired.name, 63)}" was valid until ${expired.expires}`)
  return notes
}

/** The first of them in a few words: a pull policy that nobody wrote is the last thing to leave out. Plain text. */
export function shortExplanation(finding: Finding, occasion: Occasion): string | undefined {
  const keptFrom = keptPolicyFrom(finding, occasion)
  return keptFrom === undefined
    ? undefined
    : `${plainText(String(finding.container.pullPolicy), 20)} is kept from ${shortImage(keptFrom)}`
}

/**
 * The image from which an update keeps a pull policy that the finding speaks of: kubectl set image as much as kubectl
 * apply of a file that names none. On a Pod it could not do otherwise.
 */
function keptPolicyFrom({ rule, container }: Finding, { changes, podUpdate }: Occasion): string | undefined {
  return PULL_RULES.includes(rule) && !podUpdate ? changes.keptPolicyFrom(container) : undefined
}

function linesOf(finding: Finding, occasion: Occasion): Advice['lines'] {
  const { container } = finding
  const remedy = finding.remedy()
  const stiff = isStiff(finding, occasion)
  const lines: Advice['lines'][number][] = []
  if (remedy?.image !== undefined && !(stiff && isVolume(finding))) {
    const remarks: string[] = []
    if (remedy.comment !== undefined) remarks.push(plainText(remedy.comment, MAX_CLAUSE))
    if (remedy.alternative !== undefined) remarks.push(`or ${imageText(remedy.alternative)}`)
    lines.push({ text: `${lastField(container.field)}: ${yamlString(imageText(remedy.image))}`, remarks })
  }
  if (remedy?.pullPolicy !== undefined && !stiff)
    lines.push({ text: `${policyField(finding)}: ${remedy.pullPolicy}`, remarks: [] })
  return lines
}

function notesOf(finding: Finding, occasion: Occasion): string[] {
  const remedy = finding.remedy()
  const notes: string[] = []
  if (remedy === undefined) notes.push(actionText(finding))
  if (remedy?.command !== undefined) notes.push(`first run: ${plainText(remedy.command, MAX_COMMAND)}`)
  const anew = isStiff(finding, occasion) ? makeAnew(finding) : undefined
  if (anew !== undefined) notes.push(remedy?.image === undefined || isVolume(finding) ? anew : `or ${anew}`)
  return [...notes, ...explanations(finding, occasion)]
}

/**
 * Whether little of what the remedy says can be changed here: of the containers of a stored Pod only the image,
 * of its volumes nothing. An ephemeral container is new and may have any pull policy.
 */
function isStiff({ container }: Finding, { podUpdate }: Occasion): boolean {
  return podUpdate && container.list !== 'ephemeralContainers'
}

/** What has to be done anew because it cannot be changed; undefined where changing the image is enough. */
function makeAnew(finding: Finding): string | undefined {
  const { rule } = finding
  const remedy = finding.remedy()
  if (isVolume(finding)) return 'make the Pod anew: its volumes cannot be changed'
  if (remedy?.pullPolicy === undefined) return undefined
  if (remedy.image !== undefined) return 'make the Pod anew: its imagePullPolicy cannot be changed'
  const anew = `make the Pod anew with imagePullPolicy: ${remedy.pullPolicy}, which cannot be changed on a Pod`
  return rule === 'needlessPull' ? anew : `use a fixed tag, or ${anew}`
}

function isVolume({ container }: Finding): boolean {
  return container.list === 'volumes'
}

function policyField({ container }: Finding): string {
  return container.pullPolicyField ?? 'imagePullPolicy'
}

/** What the image field is called: `image`, `reference` in a volume, anything in a kind of a policy's own. */
function lastField(field: string): string {
  return plainText(field.slice(field.lastIndexOf('.') + 1), 63)
}

/** A reference as a YAML value: quoted where a reader could take it for a number, or for more than a value. */
function yamlString(text: string): string {
  return /^[\w<][\w./:@<>+-]*$/.test(text) && /[a-z<].*[:/@]/i.test(text) ? text : JSON.stringify(text)
}
