import type { Finding, Judgement } from '../judge.ts'
import { dayAfter } from '../policy/date.ts'
import { endsSoon } from '../policy/exemptions.ts'
import type { Exemption, PolicyDate } from '../policy/policy.ts'
import { shortAdvice } from './advice.ts'
import type { Changes } from './changes.ts'
import { containersPhrase, subjectText } from './container-phrase.ts'
import { shortImage } from './image-text.ts'
import { type Occasion, objectText } from './occasion.ts'
import { plainText } from './plain-text.ts'
import { MAX_WARNING } from './warning-lines.ts'

/**
 * An object with more images is not looked at a second time: whoever could make an answer late by the size of an object would
 * have it pass unjudged under failurePolicy Ignore.
 */
const MAX_IMAGES = 200

/** Days on which exemptions of one object end; each takes a look. */
const MAX_DAYS = 3

/** So much of a line may say where it is. */
const MAX_WHERE = 110

/** An exemption's name, and as much of its reason as says what it is about. */
const MAX_NAME = 63
const MAX_REASON = 60

/** An exemption that an object uses in its last days, and what there will be to find. */
export interface Ending {
  readonly exemption: Exemption
  readonly lastDay: PolicyDate
  /** Findings that warn or deny from the day after, the strictest first. At least one. */
  readonly findings: readonly [Finding, ...Finding[]]
}

/**
 * The exemptions of a judgement that end soon, as far as they cover what is new or changed: the object is judged again as on
 * the day after, so that another exemption, a mode or a day that then holds is counted in.
 * @param judgeAt judges the same object at another time
 */
export function endingExemptions(
  { findings, exemptions, images }: Judgement,
  judgeAt: (time: Date) => Judgement,
  changes: Changes,
  now: Date,
): Ending[] {
  const soon = Map.groupBy(
    exemptions.filter((exemption) => endsSoon(exemption, now)),
    ({ expires = '' }) => expires,
  )
  if (soon.size === 0 || images > MAX_IMAGES) return []
  const known = new Set(findings.map(keyOf))
  const endings: Ending[] = []
  for (const [lastDay, ends] of [...soon].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, MAX_DAYS)) {
    const added = judgeAt(new Date(dayAfter(lastDay))).findings.filter(
      (finding) =>
        !known.has(keyOf(finding)) && finding.mode !== 'audit' && !changes.isUnchanged(finding.container),
    )
    for (const finding of added) known.add(keyOf(finding))
    // One that expired long ago may be named as the one that would have covered it.
    const by = Map.groupBy(added, ({ expired }) => ends.find((exemption) => exemption === expired) ?? ends[0])
    for (const [exemption, [first, ...others]] of by)
      if (exemption && first) endings.push({ exemption, lastDay, findings: [first, ...others] })
  }
  return endings
}

/** One line in at most MAX_WARNING characters: the fullest of some wordings that fits. */
export function endingWarning({ exemption, lastDay, findings }: Ending, occasion: Occasion): string {
  const [finding] = findings
  const containers = [...new Map(findings.map(({ container }) => [container.field, container])).values()]
  const where = `${plainText(`${objectText(occasion)}, ${containersPhrase(containers, 1)}`, MAX_WHERE)}: `
  const end = `. ${consequence(finding, dayAfter(lastDay))} [${finding.rule}]`
  const image = subjectText(finding)
  const short = finding.image === '' ? image : shortImage(finding.image)
  const until = `is exempt only until ${lastDay}, by "${plainText(exemption.name, MAX_NAME)}"`
  const why = ` (${plainText(exemption.reason)})`
  const briefly = ` (${plainText(exemption.reason, MAX_REASON)})`
  const then = `; until then ${shortAdvice(finding, occasion)}`
  const wordings = [
    `${image} ${until}${why}${then}`,
    `${short} ${until}${why}${then}`,
    `${short} ${until}${briefly}${then}`,
    `${short} ${until}${why}`,
    `${short} ${until}${briefly}`,
  ]
  const room = MAX_WARNING - where.length - end.length
  const fitting = wordings.find((wording) => wording.length <= room)
  return where + (fitting ?? plainText(`${short} ${until}`, room)) + end
}

function consequence({ mode, deniedFrom }: Finding, day: PolicyDate): string {
  if (mode === 'enforce') return `Denied from ${day}.`
  return deniedFrom === undefined
    ? `Warned about from ${day}.`
    : `Warned about from ${day}, denied from ${deniedFrom}.`
}

function keyOf({ container, rule }: Finding): string {
  return `${container.field} ${rule}`
}
