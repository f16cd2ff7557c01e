/** A part of a text, and the line, from 1, on which it begins. */
export interface Part {
  readonly text: string
  readonly line: number
}

/** Where a YAML document begins. */
const SEPARATOR = /^---(?=\s|$)/m

/**
 * The documents of a text, split before they are parsed, as kubectl does it: a quote that is never closed spoils its own
 * document and no other. JSON objects that follow each other without a separator (`jq -c`) are split too.
 */
export function splitDocuments(text: string): Part[] {
  const parts: Part[] = []
  let line = 1
  for (const piece of pieces(text)) {
    if (piece.trim() !== '') parts.push({ text: piece, line })
    line += newlines(piece)
  }
  return parts
}

function pieces(text: string): string[] {
  // Two braces begin a template.
  return /^\s*\{(?!\{)/.test(text) && !SEPARATOR.test(text) ? jsonObjects(text) : yamlDocuments(text)
}

/** Each piece but the first begins with its separator. */
function yamlDocuments(text: string): string[] {
  return text.split(/(?=^---(?:\s|$))/m)
}

/** Cuts behind each brace that closes the outermost object. Braces in strings do not count. */
function jsonObjects(text: string): string[] {
  const found: string[] = []
  let start = 0
  let depth = 0
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}]/gs)) {
    if (token === '{') depth += 1
    else if (token === '}') {
      depth -= 1
      if (depth > 0) continue
      found.push(text.slice(start, index + 1))
      start = index + 1
      depth = 0
    }
  }
  found.push(text.slice(start))
  return found
}

function newlines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1
  return count
}
