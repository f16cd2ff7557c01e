/** What the supervisor is told. */
export type Command =
  | {
      readonly type: 'start'
      /** Names the process in messages and its log file; free again when it has ended. */
      readonly name: string
      readonly command: string
      readonly args: readonly string[]
      readonly cwd?: string
      readonly env: Readonly<Record<string, string>>
      /** Sends what the process prints as it comes, besides writing it to the log. */
      readonly relay: boolean
    }
  | { readonly type: 'signal'; readonly name: string; readonly signal: NodeJS.Signals }
  | { readonly type: 'end'; readonly keepLogs: boolean }

/** What the supervisor reports. */
export type Report =
  | { readonly type: 'ready'; readonly folder: string }
  | { readonly type: 'started'; readonly name: string; readonly pid: number }
  | { readonly type: 'output'; readonly name: string; readonly text: string }
  | { readonly type: 'exited'; readonly name: string; readonly exit: Exit }

/** How a process ended: by itself, by a signal, or not even started (`error`). */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly error?: string
}

/** In words, after the name of the process: `ended with exit code 1`. */
export function describeExit({ code, signal, error }: Exit): string {
  if (error !== undefined) return `could not be started: ${error}`
  return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`
}
