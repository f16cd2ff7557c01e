import type { Finding } from '../judge.ts'
import type { RuleId } from '../policy/rule-modes.ts'
import {
  adviceSentence,
  briefProblem,
  explanations,
  leastAdvice,
  problemText,
  shortAdvice,
  shortExplanation,
} from './advice.ts'
import { containersPhrase, subjectText } from './container-phrase.ts'
import { type FindingGroup, groupByRule } from './finding-groups.ts'
import { shortImage } from './image-text.ts'
import { type Occasion, objectText } from './occasion.ts'
import { plainText } from './plain-text.ts'
import { ANSWER_ROOM, fittingLines, MAX_WARNING, type Room } from './warning-lines.ts'

/** So much of a line may say where it is, so that something is left for what is wrong. Names as people give them fit. */
const MAX_WHERE = 140

/** So much of an image is left, whatever else there is to say. */
const MIN_IMAGE = 20

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
export function warningsOf(
  findings: readonly Finding[],
  occasion: Occasion,
  room: Room = ANSWER_ROOM,
): string[] {
  const groups = groupByRule(findings, occasion).sort((a, b) => compare(a.findings[0], b.findings[0]))
  return fittingLines(
    groups,
    {
      lineOf: (group) => warningOf(group, occasion),
      restOf: (count) => restOf(count, occasion),
      sizeOf: ({ containers }) => containers.length,
    },
    room,
  )
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
 * One line in at most MAX_WARNING characters: the fullest of some wordings that fits. What is wrong is never given up, and
 * what to do only last.
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
  const few = briefProblem(finding)
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
    `${short} ${few}; ${brief}`,
    `${short} ${few}; ${leastAdvice(finding, occasion)}`,
    `${short} ${problem}`,
    `${short} ${few}`,
  ]
  const room = MAX_WARNING - where.length - end.length
  const fitting = wordings.find((wording) => wording.length <= room)
  const cut = plainText(short, Math.max(room - few.length - 1, MIN_IMAGE))
  return where + (fitting ?? plainText(`${cut} ${few}`, room)) + end
}

/** Whether something passes that would be denied in a new object: the reader may otherwise copy it. */
function isExcused({ rule, container }: Finding, { changes, denies }: Occasion): boolean {
  return denies(rule) && changes.isUnchanged(container)
}
