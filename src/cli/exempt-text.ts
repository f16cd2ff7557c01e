import { counted } from '../admission/listing.ts'
import { plainText } from '../admission/plain-text.ts'
import type { Preview } from '../preview/preview.ts'

/** What is spared by exemptions, as lint says it; undefined where nothing is. */
export function exemptText({ exempt }: Pick<Preview, 'exempt'>): string | undefined {
  if (exempt.length === 0) return undefined
  const uses = exempt.map(({ name, expires, workloads, more }) => {
    const until = expires === undefined ? '' : ` (only until ${expires})`
    return `${more ? 'at least ' : ''}${counted(workloads, 'workload')} by ${plainText(name)}${until}`
  })
  return `Exempt: ${uses.join(', ')}.`
}
