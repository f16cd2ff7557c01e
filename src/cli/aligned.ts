/** A column is no wider than this, so that one long name does not push all others aside. */
const MAX_WIDTH = 40

/**
 * The cells of a table, each padded to the width of its column. One that is too long stays whole and moves the rest of its
 * row.
 * @param numbers whether all columns but the first are numbers, which end at one place
 */
export function aligned(rows: readonly (readonly string[])[], numbers = false): string[][] {
  const widths: number[] = []
  for (const row of rows)
    for (const [column, { length }] of row.entries())
      widths[column] = Math.min(MAX_WIDTH, Math.max(widths[column] ?? 0, length))
  return rows.map((row) =>
    row.map((cell, column) =>
      numbers && column > 0 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    ),
  )
}
