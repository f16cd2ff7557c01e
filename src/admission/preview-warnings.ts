import type { PolicyDate } from '../policy/policy.ts'
import {
  type Breakage,
  type ExemptCount,
  type Preview,
  TRIGGERS,
  type Trigger,
  type Workload,
} from '../preview/preview.ts'
import { type BreakageGroup, breakageGroups } from './breakage-groups.ts'
import { shortImage } from './image-text.ts'
import { counted, listed, naming, numeral } from './listing.ts'
import { plainText } from './plain-text.ts'
import { fittingLines, MAX_WARNING, type Room, roomBeside } from './warning-lines.ts'

/** What is changed, and who is told of it. */
export interface PreviewOccasion {
  /** `Namespace/team-a`. Plain text. */
  readonly subject: string
  /** Whether it is one namespace alone, so that a name needs none. */
  readonly single: boolean
  /** What to type to see all of it. Plain text. */
  readonly command: string
  /** Whether whoever asks may read the name of a workload. */
  mayName(workload: Workload): boolean
}

/** Names are looked at one by one until a line is full; no line holds more. */
const MAX_NAMED = 20

/** A kind and a name, and a namespace. */
const MAX_NAME = 70
const MAX_NAMESPACE = 63

/** Of the reason why something could not be read the beginning says it. */
const MAX_RESOURCES = 80

const WHEN: Readonly<Record<Trigger, readonly [one: string, several: string]>> = {
  itself: ['with nobody touching it', 'with nobody touching them'],
  next: ['at its next run or release', 'at their next run or release'],
  change: ['when its image is changed', 'when their images are changed'],
}

/** Says what a change would break: first how much, then what, the most important first, and what is not known. */
export function previewWarnings(preview: Preview, occasion: PreviewOccasion, room: Room): string[] {
  const groups = breakageGroups(preview)
  const [only, another] = groups
  const notes = notesOf(preview, occasion)
  if (only === undefined) return [noneText(preview, occasion), ...notes]
  if (another === undefined && preview.more === 0)
    return [withNames(howMany(preview, occasion, groups), only, occasion), ...notes]
  const headline = howMany(preview, occasion, groups)
  const day = commonDay(groups)
  const details = fittingLines(
    groups,
    {
      lineOf: (group) => withNames(`${occasion.subject}: ${groupText(group, day)}`, group, occasion),
      sizeOf: ({ breakages }) => breakages.length,
      restOf: (rest) =>
        `${occasion.subject}: ${counted(rest, 'more workload')}; ${occasion.command} names all`,
    },
    roomBeside([headline, ...notes], room),
  )
  return [headline, ...details, ...notes]
}

/** Nothing breaks: that, and how much it is true of. */
function noneText({ namespaces, read, stopped }: Preview, { subject, single }: PreviewOccasion): string {
  const workloads = sum(namespaces, 'workloads')
  if (stopped !== undefined)
    return `${subject}: none of the ${counted(read, 'object')} that were read would be newly denied`
  if (single) return `${subject}: none of its ${counted(workloads, 'workload')} would be newly denied`
  return `${subject}: none of the ${counted(workloads, 'workload')} in ${counted(namespaces.size, 'namespace')} would be newly denied`
}

/** How many workloads are denied, of how many, from when, and on what occasion. */
function howMany(
  preview: Preview,
  { subject, single }: PreviewOccasion,
  groups: readonly BreakageGroup[],
): string {
  const { breakages, more, namespaces, stopped } = preview
  const total = breakages.length + more
  const all = Math.max(sum(namespaces, 'workloads'), total)
  const some =
    stopped === undefined
      ? `${numeral(total)} of ${counted(all, 'workload')}`
      : `at least ${counted(total, 'workload')}`
  const hit = [...namespaces.values()].filter(({ denied }) => denied > 0).length
  const place = single || hit === 0 ? '' : ` in ${counted(hit, 'namespace')}`
  return `${subject}: ${some}${place} would be denied${dayText(commonDay(groups))}${triggersText(breakages)}`
}

/** ` at their next run or release`, or, where there are several such occasions, `: 2 with …, 5 at …`. */
function triggersText(breakages: readonly Breakage[]): string {
  const counts = TRIGGERS.map((trigger) => ({
    trigger,
    count: breakages.filter((breakage) => breakage.trigger === trigger).length,
  })).filter(({ count }) => count > 0)
  const [first, ...others] = counts
  if (first === undefined) return ''
  if (others.length === 0) return ` ${whenText(first.trigger, first.count)}`
  return `: ${counts.map(({ trigger, count }) => `${numeral(count)} ${whenText(trigger, count)}`).join(', ')}`
}

/** @param said the day that the line above names */
function groupText({ trigger, deniedFrom, breakages }: BreakageGroup, said: PolicyDate | undefined): string {
  const day = deniedFrom === said ? undefined : deniedFrom
  return `${numeral(breakages.length)}${dayText(day)} ${whenText(trigger, breakages.length)}`
}

/** A line with the rule and as many names as fit; without them where none may be told. */
function withNames(text: string, group: BreakageGroup, { single, mayName }: PreviewOccasion): string {
  const { rule, breakages } = group
  const line = plainText(`${text} [${rule}]`, MAX_WARNING)
  const names = breakages
    .slice(0, MAX_NAMED)
    .filter(({ workload }) => mayName(workload))
    .map((breakage) => nameText(breakage, group, single))
  const room = MAX_WARNING - line.length - 2
  if (names.length === 0 || room < MAX_NAME) return line
  return `${line}: ${listed(names, room, breakages.length)}`
}

/** `CronJob/backup in team-a (busybox:1.36)` */
function nameText({ workload, images }: Breakage, { rule }: BreakageGroup, single: boolean): string {
  const { kind, name, namespace } = workload
  const broken = images.find(({ rules }) => rules.includes(rule))
  const where = single || namespace === '' ? '' : ` in ${plainText(namespace, MAX_NAMESPACE)}`
  const image = broken === undefined || broken.image === '' ? '' : ` (${shortImage(broken.image)})`
  return `${plainText(`${kind}/${name}`, MAX_NAME)}${where}${image}`
}

function notesOf(
  { exempt, stopped, read, unread }: Preview,
  { subject, command }: PreviewOccasion,
): string[] {
  const notes: string[] = []
  const ending = exempt.filter(({ expires }) => expires !== undefined)
  if (ending.length > 0) notes.push(naming(`${subject}: exempt for now:`, ending.map(endingText)))
  if (stopped !== undefined) {
    const why = stopped === 'time' ? ' in the time there is' : ''
    notes.push(`${subject}: read ${counted(read, 'object')}${why} and no more; ${command} reads all`)
  }
  const [first] = unread
  if (first !== undefined) {
    const resources = listed(
      unread.map(({ resource }) => resource),
      MAX_RESOURCES,
    )
    notes.push(plainText(`${subject}: could not read ${resources}: ${first.reason}`, MAX_WARNING))
  }
  return notes
}

/** `2 workloads only until 2026-12-10 (vendor-agent)` */
function endingText({ name, expires, workloads, more }: ExemptCount): string {
  return `${more ? 'at least ' : ''}${counted(workloads, 'workload')} only until ${expires} (${name})`
}

function whenText(trigger: Trigger, count: number): string {
  return WHEN[trigger][count === 1 ? 0 : 1]
}

function dayText(day: PolicyDate | undefined): string {
  return day === undefined ? '' : ` from ${day}`
}

/** The day from which all are denied; undefined where they differ. */
function commonDay(groups: readonly BreakageGroup[]): PolicyDate | undefined {
  const [first] = groups
  return groups.every(({ deniedFrom }) => deniedFrom === first?.deniedFrom) ? first?.deniedFrom : undefined
}

function sum(namespaces: Preview['namespaces'], field: 'workloads' | 'denied'): number {
  return [...namespaces.values()].reduce((total, count) => total + count[field], 0)
}
