import type { Finding } from '../judge.ts'
import type { Policy } from '../policy/policy.ts'
import { adviceFor, adviceSentence, problemText } from './advice.ts'
import { containersPhrase, fieldText, subjectText } from './container-phrase.ts'
import { type FindingGroup, groupByContainer } from './finding-groups.ts'
import { headline } from './headline.ts'
import { imageText } from './image-text.ts'
import { COLUMNS, commented, wrap } from './lines.ts'
import type { Occasion } from './occasion.ts'
import { plainText, printableText } from './plain-text.ts'
import type { Cause, Denial } from './review.ts'

/** About a screen. Who has more sees the rest when these are mended, or at once with lint; all of them count. */
const MAX_ROWS = 10

/** Containers that a row names; they all have the same image. */
const MAX_NAMED = 3

/** For programs. A hundred bounded ones are at most some 70 KB, which any client takes; the API server's audit log has them too. */
const MAX_CAUSES = 100

/** One line of a form or a dashboard. */
const MAX_CAUSE = 512

const MAX_URL = 300

/** Where YAML to paste begins: deeper than a row, and the same for all its lines. */
const INDENT = '    '

/** The status of a denial: every finding in one message, and as causes for programs. `findings` are those that deny. */
export function denialOf(
  findings: readonly Finding[],
  occasion: Occasion,
  policy: Pick<Policy, 'name' | 'helpURL'>,
): Denial {
  return {
    code: 403,
    reason: 'Forbidden',
    message: messageOf(groupByContainer(findings, occasion), occasion, policy),
    details: { causes: findings.slice(0, MAX_CAUSES).map((finding) => causeOf(finding, occasion)) },
  }
}

function messageOf(
  groups: readonly FindingGroup[],
  occasion: Occasion,
  { name, helpURL }: Pick<Policy, 'name' | 'helpURL'>,
): string {
  const rest = groups.slice(MAX_ROWS).reduce((sum, { containers }) => sum + containers.length, 0)
  return [
    headline(groups, occasion),
    ...groups.slice(0, MAX_ROWS).flatMap((group, index) => rows(group, occasion, index === 0)),
    ...(rest > 0 ? [`... and ${rest} more ${rest === 1 ? 'container' : 'containers'}`] : []),
    `${tryAgain(occasion)}   (TagPolicy ${plainText(name, 253)})`,
    ...(helpURL === undefined ? [] : [`More: ${printableText(helpURL, MAX_URL)}`]),
  ].join('\n')
}

/** What is found of a container and what to write. The headline has said already what is wrong first of all. */
function rows({ findings, containers }: FindingGroup, occasion: Occasion, first: boolean): string[] {
  const [finding] = findings
  const rules = findings.map(({ rule }) => rule).join(', ')
  const where = `- ${containersPhrase(containers, MAX_NAMED)} [${rules}]`
  const head = finding.image === '' ? where : `${where} ${imageText(finding.image)}`
  const problems = (first ? findings.slice(1) : findings).map(problemText).join('; ')
  const inOne = problems === '' ? head : `${head} ${problems}`
  const { lines, notes } = adviceFor(finding, occasion)
  return [
    ...(inOne.length <= COLUMNS ? [inOne] : [head, ...wrap(problems, '  ')]),
    ...lines.flatMap(({ text, remarks }) => commented(text, remarks, INDENT)),
    ...notes.flatMap((note) => wrap(note, `${INDENT}# `)),
  ]
}

function tryAgain({ debugging, update, name }: Occasion): string {
  if (debugging) return `Try again: kubectl debug ${name} --image=IMAGE`
  return `Try again without running it: kubectl ${update ? 'apply' : 'create'} --dry-run=server -f FILE`
}

function causeOf(finding: Finding, occasion: Occasion): Cause {
  const { rule, container } = finding
  const text = `${subjectText(finding)} ${problemText(finding)}; ${adviceSentence(finding, occasion)}`
  return { reason: rule, field: fieldText(container.field), message: plainText(text, MAX_CAUSE) }
}
