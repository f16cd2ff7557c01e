import { Readable, Writable } from 'node:stream'
import { run } from '../../src/cli/program.ts'
import type { Terminal } from '../../src/cli/terminal.ts'

/** What a command printed. */
export interface Printed {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A terminal of strings. */
export function memoryTerminal(stdin: string | Uint8Array = ''): {
  terminal: Terminal
  printed: () => { stdout: string; stderr: string }
} {
  const texts = { stdout: '', stderr: '' }
  const sink = (name: keyof typeof texts): Writable =>
    new Writable({
      write(chunk, _encoding, done) {
        texts[name] += String(chunk)
        done()
      },
    })
  const terminal = {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: sink('stdout'),
    stderr: sink('stderr'),
  }
  return { terminal, printed: () => ({ ...texts }) }
}

/** Runs a command line in this process. */
export async function tallyman(args: readonly string[], stdin: string | Uint8Array = ''): Promise<Printed> {
  const { terminal, printed } = memoryTerminal(stdin)
  const code = await run(args, terminal)
  return { code, ...printed() }
}
