import { listed } from '../admission/listing.ts'
import { plainText } from '../admission/plain-text.ts'
import type { Unread } from '../preview/preview.ts'

/** Room for the names of resources, and for what the API server says. */
const MAX_NAMES = 200
const MAX_REASON = 400

const GRANT =
  'the ClusterRole view lets one list them; kubectl create rolebinding NAME --clusterrole=view --user=USER -n NAMESPACE gives it'

/** Says what could not be read, why, and what to ask for: a sentence each, for one cause is mostly that of many. Plain text. */
export function unreadTexts(unread: readonly Unread[]): string[] {
  const forbidden = unread.filter((it) => it.forbidden)
  const others = unread.filter((it) => !it.forbidden)
  return [...textOf(forbidden), ...(forbidden.length === 0 ? [] : [GRANT]), ...textOf(others)]
}

function textOf(unread: readonly Unread[]): string[] {
  const [first] = unread
  if (first === undefined) return []
  const names = [...new Set(unread.map(({ resource }) => resource))]
  return [`could not read ${listed(names, MAX_NAMES)}: ${plainText(first.reason, MAX_REASON)}`]
}
