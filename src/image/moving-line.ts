import type { Piece, TagParts } from './tag-parts.ts'
import { BASES, CHANNELS, ENVIRONMENTS, holds, NUMBERED_BASES, PHASES, RUNTIMES } from './words.ts'

/** A word for a line along which a tag is pushed again. */
export interface MovingLine {
  /** As written in the tag. */
  readonly word: string
  readonly why: string
}

/** The channel, phase, environment, base or runtime that a tag without a version follows. */
export function movingLineOf(parts: TagParts): MovingLine | undefined {
  return channelOf(parts) ?? endOf(parts) ?? runtimeOf(parts)
}

/**
 * A release x.y with the number of its build on a base or for a runtime: `16.4-0` of `ubi8-16.4-0`. A line that moves
 * has no build number.
 */
export function numberedBuildOf({ pieces }: TagParts): string | undefined {
  const [release, build] = pieces.slice(-2)
  if (release === undefined || build === undefined || pieces.length < 3) return undefined
  if (!(isNumber(release) && release.numbers === 2 && isNumber(build) && build.numbers === 1))
    return undefined
  const before = pieces.slice(0, -2)
  const known = before.every((piece) => isNumber(piece) || isBasePiece(piece) || isRuntimePiece(piece))
  return known ? `${release.text}-${build.text}` : undefined
}

function channelOf({ components, lower }: TagParts): MovingLine | undefined {
  const word = components[lower.findIndex((component) => CHANNELS.has(component))]
  return word === undefined ? undefined : { word, why: `moves along the release line ${word}` }
}

/** The first or the last piece, where it is a phase, an environment or a base. */
function endOf({ pieces }: TagParts): MovingLine | undefined {
  const [first] = pieces
  const last = pieces.at(-1)
  const beforeLast = pieces.at(-2)
  for (const piece of [first, last]) {
    if (piece === undefined) continue
    if (PHASES.has(piece.lower)) return { word: piece.text, why: `moves to each new ${piece.lower}` }
    if (ENVIRONMENTS.has(piece.lower))
      return { word: piece.text, why: `moves with each push for ${piece.lower}` }
    if (isBasePiece(piece)) return onBase(piece)
  }
  // `foo-debian-12`: the release number of a base may stand apart.
  const apart = last !== undefined && beforeLast !== undefined && isNumber(last) && isBasePiece(beforeLast)
  return apart ? onBase(beforeLast) : undefined
}

function runtimeOf({ tag, pieces }: TagParts): MovingLine | undefined {
  const [first] = pieces
  const all = pieces.every((piece) => isNumber(piece) || isBasePiece(piece) || isRuntimePiece(piece))
  return first !== undefined && all
    ? { word: first.text, why: `moves to the newest version for ${tag}` }
    : undefined
}

function onBase({ text }: Piece): MovingLine {
  return { word: text, why: `moves to the newest version on ${text}` }
}

function isBasePiece({ lower, numbers }: Piece): boolean {
  return holds(BASES, lower) || (numbers > 0 && holds(NUMBERED_BASES, lower))
}

function isRuntimePiece({ lower, numbers }: Piece): boolean {
  return numbers <= 2 && holds(RUNTIMES, lower)
}

/** x or x.y by itself */
function isNumber({ word, numbers, tail }: Piece): boolean {
  return word === '' && tail === '' && (numbers === 1 || numbers === 2)
}
