import { dateProblem } from './date.ts'
import { MODES, type Mode } from './mode.ts'
import { quoted } from './quoted.ts'
import { suggestion } from './suggestion.ts'
import type { DatedMode } from './switch.ts'

export const MODE_LABEL = 'tallyman.dev/mode'
export const ENFORCE_FROM_LABEL = 'tallyman.dev/enforce-from'
export const POLICY_LABEL = 'tallyman.dev/policy'

/** What the labels of a namespace ask for. */
export interface SwitchLabels {
  /** Undefined where they ask for nothing, or for nothing that makes sense. */
  readonly chosen?: DatedMode
  /** Labels that make no sense, a sentence each. */
  readonly problems: readonly string[]
}

/**
 * Reads the labels of a namespace that are about its mode.
 * @param own what holds without them: a day alone moves the day of an enforce that is there already
 */
export function readSwitchLabels(labels: Readonly<Record<string, string>>, own: DatedMode): SwitchLabels {
  const mode = labelValue(labels, MODE_LABEL)
  const day = labelValue(labels, ENFORCE_FROM_LABEL)
  const problems: string[] = []
  const ignore = (label: string, value: string, why: string) =>
    problems.push(`the label ${label}=${quoted(value)} is ignored: ${why}`)

  const chosenMode = mode !== undefined && isMode(mode) ? mode : undefined
  if (mode !== undefined && chosenMode === undefined) ignore(MODE_LABEL, mode, modeCure(mode))
  const modeAlone: DatedMode | undefined = chosenMode && { mode: chosenMode, source: `label ${MODE_LABEL}` }
  if (day === undefined) return { chosen: modeAlone, problems }

  const problem = dateProblem(day)
  const dated = chosenMode ?? own.mode
  if (problem !== undefined) {
    ignore(ENFORCE_FROM_LABEL, day, problem)
  } else if (dated !== 'enforce') {
    ignore(ENFORCE_FROM_LABEL, day, `the mode is ${dated}; set ${MODE_LABEL}=enforce beside it`)
  } else {
    const source = `label ${chosenMode ? MODE_LABEL : ENFORCE_FROM_LABEL}`
    return { chosen: { mode: dated, enforceFrom: day, source }, problems }
  }
  if (chosenMode !== 'enforce') return { chosen: modeAlone, problems }
  // Somebody wanted denials later. To take the mode without its day would deny at once, for a slip of the pen.
  ignore(MODE_LABEL, chosenMode, `the day beside it, in ${ENFORCE_FROM_LABEL}, is none`)
  return { problems }
}

/** Own properties only: labels come from outside. */
export function labelValue(labels: Readonly<Record<string, string>>, label: string): string | undefined {
  return Object.hasOwn(labels, label) ? labels[label] : undefined
}

function isMode(text: string): text is Mode {
  return (MODES as readonly string[]).includes(text)
}

function modeCure(value: string): string {
  if (/^(off|no|false|none)$/i.test(value)) return 'the mode is called disabled'
  const meant = suggestion(value, MODES)
  return meant ? `did you mean ${meant}?` : `the modes are ${MODES.join(', ')}`
}
