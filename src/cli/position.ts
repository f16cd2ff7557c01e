import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml'

/** How deep `<<` may lead: a merge key that takes in itself would never end. */
const MAX_MERGES = 20

/**
 * Where a field stands in a document: the offset of its value, else of the deepest part of its path that is there.
 * A key may hold dots (`spec.map.a.b` may be the keys `map`, `a.b`), so each key that fits is tried.
 * @param field a concrete path: `spec.containers[0].image`
 */
export function offsetOf(document: Document, field: string): number {
  return deepest(document, document.contents, field, 0, 0).offset
}

/** How much of the path was found, and where that stands. */
interface Found {
  readonly depth: number
  readonly offset: number
}

function deepest(document: Document, node: unknown, rest: string, depth: number, merges: number): Found {
  const target = isAlias(node) ? node.resolve(document) : node
  let best: Found = { depth, offset: startOf(target) ?? startOf(node) ?? 0 }
  const consider = (found: Found): void => {
    if (found.depth > best.depth) best = found
  }
  if (rest === '') return best
  if (isSeq(target)) {
    const [whole, index] = /^\[(\d+)\]\.?/.exec(rest) ?? []
    if (whole === undefined || Number(index) >= target.items.length) return best
    consider(
      deepest(document, target.items[Number(index)], rest.slice(whole.length), depth + whole.length, merges),
    )
  } else if (isMap(target)) {
    // Of two equal keys the last one counts, so it is looked at first.
    for (const { key, value } of target.items.toReversed()) {
      if (!isScalar(key)) continue
      // A merge key is read as a symbol.
      const name = typeof key.value === 'symbol' ? (key.value.description ?? '') : String(key.value)
      if (name === '<<' && merges < MAX_MERGES) {
        const sources = isSeq(value) ? value.items : [value]
        for (const source of sources) consider(deepest(document, source, rest, depth, merges + 1))
      }
      const next = after(rest, name)
      if (next === undefined) continue
      const here = depth + rest.length - next.length
      const found = deepest(document, value, next, here, merges)
      // An empty value has no place of its own worth showing: its key has.
      consider(isEmpty(value) ? { depth: found.depth, offset: startOf(key) ?? found.offset } : found)
    }
  }
  return best
}

/** What follows a key at the start of a path, or undefined where the path begins otherwise. */
function after(rest: string, key: string): string | undefined {
  if (!rest.startsWith(key)) return undefined
  const next = rest.slice(key.length)
  if (next === '' || next.startsWith('[')) return next
  return next.startsWith('.') ? next.slice(1) : undefined
}

function isEmpty(value: unknown): boolean {
  return value === null || (isScalar(value) && value.value === null)
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0]
}
