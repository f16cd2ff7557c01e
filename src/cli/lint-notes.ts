import { listed } from '../admission/listing.ts'
import { plainText, printableText } from '../admission/plain-text.ts'
import { endsSoon } from '../policy/exemptions.ts'
import { chartOf } from './helm.ts'
import { STDIN } from './inputs.ts'
import type { Linted, Use } from './lint-all.ts'
import { counted, type Unread } from './lint-report.ts'

/** Room for names of namespaces. */
const MAX_NAMES = 200

/**
 * What a person should know beside the report, a line each: what was not read and not judged, and which exemptions applied.
 * @param remarks of the policies; not trustworthy text
 */
export function lintNotes(
  { report, templates, skipped, notAsked, exempt }: Linted,
  remarks: readonly string[],
  now: Date,
): string[] {
  const unread = report.unread.filter((each) => !templates.includes(each))
  const uses = [...exempt.values()].map((use) => useText(use, now))
  return [
    ...unread.map((each) => `tallyman: ${placeText(each)}: ${plainText(each.message)}`),
    // So that whoever writes an exemption sees whether it covers what it should.
    ...(uses.length === 0 ? [] : [`Exempt: ${uses.join(', ')}.`]),
    ...remarks.map((remark) => `tallyman: ${plainText(remark)}`),
    ...helmAdvice(templates).map((line) => `tallyman: ${line}`),
    ...(notAsked.size === 0 ? [] : [notAskedText(notAsked)]),
    ...(skipped === 0 ? [] : [skippedText(skipped)]),
  ]
}

function placeText({ file, line }: Unread): string {
  return printableText(line === undefined ? file : `${file}:${line}`)
}

/** `2 objects by vendor-agent`, and until when where that is soon. */
function useText({ exemption, objects }: Use, now: Date): string {
  const { name, expires } = exemption
  return `${counted(objects, 'object')} by ${name}${endsSoon(exemption, now) ? ` (only until ${expires})` : ''}`
}

/** What to type for templates, one line for each chart. What is piped in may come from Helm already. */
function helmAdvice(templates: readonly Unread[]): string[] {
  const piped = templates.find(({ file }) => file === STDIN)
  const charts = Map.groupBy(
    templates.map(({ file }) => file).filter((file) => file !== STDIN),
    chartOf,
  )
  const advice = [...charts].map(([chart, found]) => {
    const files = [...new Set(found)]
    const what =
      files.length === 1
        ? `${printableText(files[0] ?? '')} is a Helm template`
        : `${files.length} files are Helm templates`
    return `${what}, which only Helm can read: helm template ${shellWord(chart ?? '.')} | tallyman lint -`
  })
  return piped === undefined ? advice : [...advice, `${placeText(piped)}: ${UNRENDERED}`]
}

const UNRENDERED =
  'it is a Helm template that was not rendered; where helm template printed it, the chart leaves out tpl for that value'

/** A path as a shell takes it for one word. */
function shellWord(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${printableText(path).replaceAll("'", "'\\''")}'`
}

function notAskedText(notAsked: Linted['notAsked']): string {
  const count = [...notAsked.values()].reduce((sum, objects) => sum + objects, 0)
  const where = listed([...notAsked.keys()], MAX_NAMES)
  return `${counted(count, 'object')} in ${where} ${count === 1 ? 'was' : 'were'} skipped: the API server does not ask tallyman about what is there.`
}

function skippedText(skipped: number): string {
  return `${skipped} ${skipped === 1 ? 'file holds' : 'files hold'} no Kubernetes object and ${skipped === 1 ? 'was' : 'were'} skipped.`
}
