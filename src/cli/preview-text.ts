import { COLUMNS, wrap } from '../admission/lines.ts'
import { counted, numeral } from '../admission/listing.ts'
import { plainText } from '../admission/plain-text.ts'
import { type Breakage, type BrokenImage, type Preview, TRIGGERS, type Trigger } from '../preview/preview.ts'
import { aligned } from './aligned.ts'
import type { PreviewReport } from './preview-report.ts'
import type { Paint } from './terminal.ts'

const HEADINGS: Record<Trigger, string> = {
  itself: 'Denied with nobody touching it, when a controller makes it again',
  next: 'Denied at its next run or release',
  change: 'Denied only when its image changes',
}

const HEAD = ['NAMESPACE', 'WORKLOAD', 'CONTAINER', 'RULE']
const GAP = '  '
const INDENT = '  '
const BELOW = '      '

/** Room for names of a kind and an object, for a reference, and for two of them in a command. */
const MAX_NAME = 320
const MAX_IMAGE = 600
const MAX_COMMAND = 1_300

/** For a person at a terminal: each image with what to write instead, or a table where counts by a label are asked for. */
export function textPreview({ preview, groups }: PreviewReport, paint: Paint): string {
  const lines =
    groups === undefined
      ? [...sections(preview, paint), ...summary(preview), ...further(preview)]
      : [...shares(groups, paint), ...summary(preview)]
  return [...lines, ''].join('\n')
}

function sections({ breakages }: Preview, paint: Paint): string[] {
  return TRIGGERS.flatMap((trigger) => {
    const own = breakages.filter((breakage) => breakage.trigger === trigger)
    if (own.length === 0) return []
    const heading = `${HEADINGS[trigger]}: ${counted(own.length, 'workload')}`
    return [paint('bold', heading), ...rows(own, paint), '']
  })
}

/** A row for each image, and below it what to write: that is to be pasted, so it is never broken. */
function rows(breakages: readonly Breakage[], paint: Paint): string[] {
  const found = breakages.flatMap((breakage) => breakage.images.map((image) => ({ breakage, image })))
  const dated = breakages.some(({ deniedFrom }) => deniedFrom !== undefined)
  const [head = [], ...places] = aligned([
    dated ? [...HEAD, 'FROM'] : HEAD,
    ...found.map(({ breakage, image }) => {
      const cells = place(breakage, image)
      return dated ? [...cells, breakage.deniedFrom ?? 'now'] : cells
    }),
  ])
  return [
    INDENT + paint('dim', [...head, 'IMAGE'].join(GAP)),
    ...found.flatMap(({ image }, index) => [...withImage(places[index] ?? [], image), ...instead(image)]),
  ]
}

function place({ workload }: Breakage, { container, rules }: BrokenImage): string[] {
  const { namespace, kind, name } = workload
  return [
    namespace === '' ? '-' : plainText(namespace, MAX_NAME),
    plainText(`${kind}/${name}`, MAX_NAME),
    container === '' ? '-' : plainText(container, MAX_NAME),
    rules.join(','),
  ]
}

/** The image ends the row; where there is no room for it, it has a line of its own. */
function withImage(cells: readonly string[], { image }: BrokenImage): string[] {
  const row = INDENT + cells.join(GAP)
  const text = image === '' ? '-' : plainText(image, MAX_IMAGE)
  const line = row + GAP + text
  return line.length <= COLUMNS ? [line] : [row.trimEnd(), BELOW + text]
}

function instead({ replacement, running, expired }: BrokenImage): string[] {
  const { image, pullPolicy, pullPolicyField = 'imagePullPolicy', command } = replacement ?? {}
  return [
    ...(command === undefined ? [] : [`${BELOW}# first: ${plainText(command, MAX_COMMAND)}`]),
    ...(image === undefined ? [] : [`${BELOW}image: ${plainText(image, MAX_IMAGE)}`]),
    ...(pullPolicy === undefined ? [] : [`${BELOW}${pullPolicyField}: ${pullPolicy}`]),
    ...(expired === undefined ? [] : wrap(expiredText(expired), `${BELOW}# `)),
    ...(running.length > 1 ? wrap(severalText(running.length), `${BELOW}# `) : []),
  ]
}

function expiredText({ name, expires }: NonNullable<BrokenImage['expired']>): string {
  return `exempt only until ${expires}, by ${plainText(name, MAX_NAME)}`
}

/** The harm that the policy is for. */
function severalText(count: number): string {
  return `${numeral(count)} versions run under this name now, this one most often`
}

function shares({ label, rows }: NonNullable<PreviewReport['groups']>, paint: Paint): string[] {
  const head = [plainText(label, MAX_NAME), 'workloads', 'would be denied', 'in order']
  const counts = rows.map(({ value, workloads, denied }) => [
    plainText(value === '' ? '(none)' : value, MAX_NAME),
    numeral(workloads),
    numeral(denied),
    // Rounded down, so that it is never 100 % before all is done.
    workloads === 0 ? '-' : `${Math.floor(((workloads - denied) / workloads) * 100)} %`,
  ])
  const [first = '', ...rest] = aligned([head, ...counts], true).map((cells) => cells.join(GAP))
  return [paint('bold', first), ...rest, '']
}

function summary({ breakages, more, read, namespaces, unread }: Preview): string[] {
  const denied = breakages.length + more
  const all = [...namespaces.values()].reduce((sum, { workloads }) => sum + workloads, 0)
  const nothing = unread.length === 0 ? 'Nothing' : 'Nothing that could be read'
  const verdict = `${denied === 0 ? nothing : counted(denied, 'workload')} would be denied`
  const where = `of ${numeral(all)} in ${counted(namespaces.size, 'namespace')} (${counted(read, 'object')} read)`
  const hidden = more === 0 ? '' : ` ${numeral(more)} of them are not shown.`
  const partly = denied === 0 || unread.length === 0 ? '' : ' Not all could be read.'
  return wrap(`${verdict}, ${where}.${hidden}${partly}`, '')
}

function further({ breakages }: Preview): string[] {
  const [rule] = breakages[0]?.images[0]?.rules ?? []
  return rule === undefined ? [] : [`tallyman explain ${rule} says what that rule asks.`]
}
