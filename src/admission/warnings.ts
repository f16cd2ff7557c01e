import type { Finding } from '../judge.ts'
import type { RuleId } from '../policy/rule-modes.ts'
import { adviceSentence, explanations, problemText, shortAdvice, shortExplanation } from './advice.ts'
import { containersPhrase, subjectText } from './container-phrase.ts'
import { type FindingGroup, groupByRule } from './finding-groups.ts'
import { shortImage } from './image-text.ts'
import type { Occasion } from './occasion.ts'
import { plainText } from './plain-text.ts'

/** The API server cuts longer ones when a request has many. Source: k8s.io/apiserver pkg/endpoints/filters/warning.go. */
const MAX_WARNING = 256

/** More lines than that nobody reads. */
const MAX_WARNINGS = 10

/**
 * The API server cuts at 4,096 over all webhooks of a request, and proxies limit headers to 4–8 KB. Warnings
 * travel in headers and are plain ASCII, so a character is a byte.
 */
const MAX_TOTAL = 2_000

/** So much of a line may say where it is, so that something is left for what is wrong. Names as people give them fit. */
const MAX_WHERE = 140

/** What matters most first: what cannot run at all, then what may run as something else. */
const IMPORTANCE: readonly RuleId[] = [
  'invalidReference',
  'latestTag',
  'partialTag',
  'expiringImage',
  'floatingTag',
  'stalePull',
  'digestMissing',
  'needlessPull',
]

/** The warnings of an answer, one line for each image and rule. `findings` are those that warn. */
export function warningsOf(findings: readonly Finding[], occasion: Occasion): string[] {
  const groups = groupByRule(findings, occasion).sort((a, b) => compare(a.findings[0], b.findings[0]))
  const lines: string[] = []
  let total = 0
  let rest = findings.length
  for (const [index, group] of groups.entries()) {
    const line = warningOf(group, occasion)
    const last = index === groups.length - 1
    const count = restOf(rest, occasion)
    const full = lines.length + (last ? 1 : 2) > MAX_WARNINGS
    if (full || total + line.length + (last ? 0 : count.length) > MAX_TOTAL) return [...lines, count]
    lines.push(line)
    total += line.length
    rest -= group.containers.length
  }
  return lines
}

/** What will be denied first, the nearest day before others. */
function compare(a: Finding, b: Finding): number {
  const never = '9999-12-31'
  const day = (a.deniedFrom ?? never).localeCompare(b.deniedFrom ?? never)
  return day === 0 ? IMPORTANCE.indexOf(a.rule) - IMPORTANCE.indexOf(b.rule) : day
}

function restOf(count: number, occasion: Occasion): string {
  return `${objectText(occasion)}: ${count} more ${count === 1 ? 'finding' : 'findings'}, see the others with: tallyman lint -f FILE`
}

/**
 * One line in at most MAX_WARNING characters: the fullest of some wordings that fits. What to type is given up
 * last but for the place and the rule.
 */
function warningOf({ findings, containers }: FindingGroup, occasion: Occasion): string {
  const [finding] = findings
  const where = `${plainText(`${objectText(occasion)}, ${containersPhrase(containers, 1)}`, MAX_WHERE)}: `
  const date = finding.deniedFrom === undefined ? '' : ` Denied from ${finding.deniedFrom}.`
  const end = `.${date} [${finding.rule}]`
  const long = subjectText(finding)
  const short = finding.image === '' ? long : shortImage(finding.image)
  const problem = problemText(finding)
  const advice = adviceSentence(finding, occasion)
  const excused = isExcused(finding, occasion) ? ['allowed only because it is unchanged'] : []
  const extras = [...excused, ...explanations(finding, occasion)].map((extra) => `; ${extra}`)
  const brief = shortAdvice(finding, occasion)
  const origin = shortExplanation(finding, occasion)
  const wordings = [
    `${long} ${problem}; ${advice}${extras.join('')}`,
    `${short} ${problem}; ${advice}${extras.join('')}`,
    `${short} ${problem}; ${advice}${extras[0] ?? ''}`,
    ...(origin === undefined
      ? []
      : [`${short} ${problem}; ${advice}; ${origin}`, `${short} ${problem}; ${brief}; ${origin}`]),
    `${long} ${problem}; ${advice}`,
    `${short} ${problem}; ${advice}`,
    `${short} ${problem}; ${brief}`,
    `${short}: ${brief}`,
    `${short} ${problem}`,
  ]
  const room = MAX_WARNING - where.length - end.length
  const fitting = wordings.find((wording) => wording.length <= room)
  return where + (fitting ?? plainText(`${short} ${problem}`, room)) + end
}

/** Whether something passes that would be denied in a new object: the reader may otherwise copy it. */
function isExcused({ rule, container }: Finding, { changes, denies }: Occasion): boolean {
  return denies(rule) && changes.isUnchanged(container)
}

/** `Job/exp`, short enough that the rest of a warning has room. */
function objectText({ kind, name }: Occasion): string {
  return plainText(name === '' ? kind : `${kind}/${name}`, 70)
}
