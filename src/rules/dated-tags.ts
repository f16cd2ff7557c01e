import type { Reference } from '../image/reference.ts'
import type { TagKind } from '../image/tag-kind.ts'
import { BASES } from '../image/words.ts'

/** Docker's official images of distributions whose builds carry a date behind the release's code name. */
const EXAMPLES: ReadonlyMap<string, string> = new Map([
  ['debian', 'bookworm-20240812'],
  ['ubuntu', 'jammy-20240808'],
])

/** In Docker's library, also in a mirror of it. */
const LIBRARY = /(?:^|\/)library\/([a-z]+)$/

/** A tag that is pushed once, to see the form by; undefined for an image that is not tagged so. */
export function datedExample({ repository }: Pick<Reference, 'repository'>): string | undefined {
  const name = LIBRARY.exec(repository)?.[1]
  return name === undefined ? undefined : EXAMPLES.get(name)
}

/**
 * What is pushed once where there is no x.y.z: `<codename>-<date>-slim` for `12-slim`, `bookworm-<date>` for
 * `bookworm`. Undefined for an image that is not tagged by dates, and for a kind that does not move.
 */
export function datedTag(reference: Reference, kind: TagKind, tag: string | undefined): string | undefined {
  if (datedExample(reference) === undefined) return undefined
  switch (kind.name) {
    case 'latest':
      return '<codename>-<date>'
    case 'partial':
      return `<codename>-<date>${kind.variant}`
    case 'floating': {
      const [codename, ...variant] = tag?.split('-') ?? []
      const known = codename !== undefined && BASES.has(codename.toLowerCase())
      return [known ? codename : '<codename>', '<date>', ...variant].join('-')
    }
    default:
      return undefined
  }
}
