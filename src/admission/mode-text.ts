import type { Mode } from '../policy/mode.ts'
import type { PolicyDate } from '../policy/policy.ts'

/** `warn`; `enforce from 2026-12-07, until then warn` */
export function modeText({ mode, deniedFrom }: { mode: Mode; deniedFrom?: PolicyDate }): string {
  return deniedFrom === undefined ? mode : `enforce from ${deniedFrom}, until then ${mode}`
}
