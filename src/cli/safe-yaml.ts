import { stringify } from 'yaml'
import { escapeUnsafe } from './safe-json.ts'

/** `compat`: readers of YAML 1.1, kubectl among them, take `on` for a truth value unless it stands in quotes. */
const OPTIONS = { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' } as const

/** YAML that says exactly the same and is harmless on a terminal. */
export function safeYaml(value: unknown): string {
  const text = stringify(value, OPTIONS)
  if (escapeUnsafe(text) === text) return text
  // Only between double quotes can a character be written as an escape.
  return escapeUnsafe(stringify(value, { ...OPTIONS, defaultStringType: 'QUOTE_DOUBLE' }))
}
