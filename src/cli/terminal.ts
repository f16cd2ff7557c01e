import { styleText } from 'node:util'

/** Where a command reads and writes: the process itself, or a test's streams. */
export interface Terminal {
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream
}

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'cyan'

/** Gives a text a style. */
export type Paint = (style: Style, text: string) => string

/** A paint for a stream: none where it is no terminal, or where NO_COLOR or the like asks for none. */
export function painter(stream: NodeJS.WritableStream): Paint {
  return (style, text) => styleText(style, text, { stream })
}

/** The paint that leaves every text as it is. */
export const plain: Paint = (_style, text) => text
