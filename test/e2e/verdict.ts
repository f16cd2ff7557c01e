import type { Answer } from '../control-plane/api-client.ts'

/** The API server puts this before what tallyman says. */
const DENIED = 'admission webhook "image-tags.tallyman.dev" denied the request: '

/**
 * tallyman's verdict, as short as a table wants it: `admitted`, `warned: partialTag`, `denied: latestTag`,
 * `denied: latestTag, warned: stalePull`. An answer that is not tallyman's comes as it is: `409: ...`.
 */
export function verdictOf(answer: Answer): string {
  const { status } = answer
  if (status >= 400 && !messageOf(answer).startsWith(DENIED)) return `${status}: ${messageOf(answer)}`
  const said = [
    ...(status >= 400 ? [`denied: ${causesOf(answer).map(({ reason }) => reason)}`] : []),
    ...(answer.warnings.length > 0 ? [`warned: ${answer.warnings.map(ruleOf)}`] : []),
  ]
  return said.join(', ') || 'admitted'
}

/** The first line of a denial. */
export function headlineOf(answer: Answer): string {
  return messageOf(answer).replace(DENIED, '').split('\n')[0] ?? ''
}

/** What a denial says to programs, one for each finding. */
export function causesOf({ body }: Answer): readonly { reason: string; field: string; message: string }[] {
  return (body as { details?: { causes?: [] } }).details?.causes ?? []
}

function messageOf({ body }: Answer): string {
  return (body as { message?: string } | null)?.message ?? JSON.stringify(body)
}

/** The rule that a warning ends in; the whole warning where it is not one of tallyman's. */
function ruleOf(warning: string): string {
  return / \[(\w+)\]$/.exec(warning)?.[1] ?? warning
}
