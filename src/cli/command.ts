import type { Command } from 'commander'
import type { Terminal } from './terminal.ts'

/** A command of the program; each has a file of its own, loaded only when it is asked for. */
export interface CommandModule<Options> {
  /** Adds options, arguments and help. */
  configure(command: Command): void
  /** Does it. @returns the exit code @throws CommandError, PolicyError */
  run(args: readonly string[], options: Options, terminal: Terminal): Promise<number>
}

/** Exit codes of all commands. */
export const EXIT = {
  done: 0,
  /** lint found something to fail on; any other command failed by a fault. */
  failed: 1,
  /** The command line, the policy, or something it was to read makes no sense. */
  unusable: 2,
} as const

/** What a person got wrong, or what is missing: the message is all that is printed. */
export class CommandError extends Error {
  override name = 'CommandError'
}
