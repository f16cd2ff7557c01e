/** The longest word that is compared: a longer one is no slip of a known word. */
const LONGEST = 40
/** The shortest beginning of a word that says which one is meant. */
const SHORTEST_BEGINNING = 5

/** The word of a list that somebody probably meant; undefined where none is near. */
export function suggestion(word: string, known: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined
  const bare = word.toLowerCase().replace(/[-_ ]/g, '')
  let best: string | undefined
  // Two slips in a long word, one in a short one.
  let nearest = Math.min(2, Math.floor(bare.length / 3)) + 1
  for (const candidate of known) {
    const distance = slips(bare, candidate.toLowerCase())
    if (distance < nearest) {
      nearest = distance
      best = candidate
    }
  }
  return best
}

/** The one name that begins with a word, whatever the case: `latestTag` for `latest`. */
export function begunBy(word: string, known: readonly string[]): string | undefined {
  if (word.length < SHORTEST_BEGINNING) return undefined
  const [found, second] = known.filter((name) => name.toLowerCase().startsWith(word.toLowerCase()))
  return second === undefined ? found : undefined
}

/** How many letters were added, dropped, changed or swapped with a neighbour to get from one word to the other. */
function slips(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const changed = from[i - 1] === to[j - 1] ? 0 : 1
      let least = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + changed)
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        least = Math.min(least, at(beforeLast, j - 2) + 1)
      }
      row.push(least)
    }
    beforeLast = last
    last = row
  }
  return at(last, to.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? 0
}
