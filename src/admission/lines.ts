/** The width at which prose is broken, for a terminal. YAML to paste never is. */
export const COLUMNS = 100

/** Prose in lines of a terminal's width, each behind the same indent. A word that is too long stays whole. */
export function wrap(text: string, indent: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (word === '') continue
    if (line === undefined || line.length + 1 + word.length > COLUMNS) lines.push(indent + word)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return lines
}

/** A value of YAML with its remarks as comments: the first behind it where there is room, the others below. */
export function commented(yaml: string, remarks: readonly string[], indent: string): string[] {
  const value = indent + yaml
  const [first, ...others] = remarks
  if (first === undefined) return [value]
  const below = others.flatMap((remark) => wrap(remark, `${indent}# `))
  const inOne = `${value}   # ${first}`
  return inOne.length <= COLUMNS ? [inOne, ...below] : [value, ...wrap(first, `${indent}# `), ...below]
}
