/** The API server cuts longer ones when a request has many. Source: k8s.io/apiserver pkg/endpoints/filters/warning.go. */
export const MAX_WARNING = 256

/** How much may be said in warnings. */
export interface Room {
  readonly lines: number
  readonly characters: number
}

/**
 * Of one answer. More lines nobody reads. The API server cuts at 4,096 characters over all webhooks of a request, and proxies
 * limit headers to 4–8 KB; warnings travel in headers and are plain ASCII, so a character is a byte.
 */
export const ANSWER_ROOM: Room = { lines: 10, characters: 2_000 }

/** What some lines leave of it. */
export function roomBeside(lines: readonly string[], room: Room = ANSWER_ROOM): Room {
  const characters = lines.reduce((sum, { length }) => sum + length, 0)
  return { lines: room.lines - lines.length, characters: room.characters - characters }
}

/** How things become lines. */
export interface Telling<T> {
  lineOf(item: T): string
  /** The line in place of those that do not fit. @param rest how many things they are about */
  restOf(rest: number): string
  /** How many things an item is about; one, where absent. */
  sizeOf?(item: T): number
}

/** A line for each item, the first ones first. Where not all fit, the last line counts the rest. */
export function fittingLines<T>(
  items: readonly T[],
  { lineOf, restOf, sizeOf = () => 1 }: Telling<T>,
  room: Room = ANSWER_ROOM,
): string[] {
  const lines: string[] = []
  if (room.lines < 1) return lines
  let total = 0
  let rest = items.reduce((sum, item) => sum + sizeOf(item), 0)
  for (const [index, item] of items.entries()) {
    const line = lineOf(item)
    const last = index === items.length - 1
    const count = restOf(rest)
    const full = lines.length + (last ? 1 : 2) > room.lines
    if (full || total + line.length + (last ? 0 : count.length) > room.characters) return [...lines, count]
    lines.push(line)
    total += line.length
    rest -= sizeOf(item)
  }
  return lines
}

/** As many lines as an answer has room for. @param subject what they are about; plain text */
export function boundedLines(subject: string, lines: readonly string[]): string[] {
  return fittingLines(lines, {
    lineOf: (line) => line,
    restOf: (rest) => `${subject}: ${rest} more ${rest === 1 ? 'warning' : 'warnings'}`,
  })
}
