import type { Finding } from '../judge.ts'

/** Whether a finding denies, now or from a day on. */
export function denies({ mode, deniedFrom }: Finding): boolean {
  return mode === 'enforce' || deniedFrom !== undefined
}

/**
 * What is denied that was not, or from an earlier day than it was.
 * @param before what was denied; all of it denies
 * @param anew whether the object is made as a whole, so that one container that was denied has denied it all
 */
export function newlyDenied(
  after: readonly Finding[],
  before: readonly Finding[],
  anew: boolean,
): readonly Finding[] {
  if (before.length === 0) return after
  const days = new Map<string, string>()
  for (const { container, deniedFrom = NOW } of before) {
    const place = anew ? '' : container.field
    const day = days.get(place)
    if (day === undefined || deniedFrom < day) days.set(place, deniedFrom)
  }
  return after.filter(({ container, deniedFrom = NOW }) => {
    const day = days.get(anew ? '' : container.field)
    return day === undefined || deniedFrom < day
  })
}

/** Before any day. */
const NOW = ''
