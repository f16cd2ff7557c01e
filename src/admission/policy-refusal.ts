import type { PolicyProblem } from '../policy/problem.ts'
import { MAX_PROBLEMS } from '../policy/problem-list.ts'
import { printableText } from './plain-text.ts'
import type { Cause, Denial } from './review.ts'

/** About a screen; as causes there are more. */
const MAX_ROWS = 10

/** The path of a field, and what is wrong with it. */
const MAX_FIELD = 160
const MAX_MESSAGE = 512

/** A TagPolicy's name has at most 63 characters where it is legal. */
const MAX_NAME = 63

/**
 * The status of a policy that is refused. It is Invalid (422), as for what the API server refuses itself: kubectl prints the
 * causes under "The TagPolicy NAME is invalid", and kubectl edit opens the file again with them at its top. Others show the
 * message, whose first line does alone.
 */
export function refusalOf(name: string, problems: readonly PolicyProblem[]): Denial {
  // One more counts those beyond.
  const causes = problems.slice(0, MAX_PROBLEMS + 1).map(causeOf)
  const called = printableText(name, MAX_NAME)
  return {
    code: 422,
    reason: 'Invalid',
    message: messageOf(called, causes, problems.length),
    details: { group: 'tallyman.dev', kind: 'TagPolicy', name: called, causes },
  }
}

function messageOf(name: string, causes: readonly Cause[], count: number): string {
  const rows = causes.map(({ field, message }) => `${field}: ${message}`)
  return [
    `TagPolicy "${name}": ${rows[0] ?? 'it cannot be read'}${count > 1 ? ` (and ${more(count, 1)})` : ''}`,
    ...(count > 1 ? rows.slice(0, MAX_ROWS).map((row) => `- ${row}`) : []),
    ...(count > MAX_ROWS ? [`... and ${more(count, MAX_ROWS)}`] : []),
    'What was in force before still is. Try again without changing anything: kubectl apply --dry-run=server -f FILE',
  ].join('\n')
}

/** How many there are beside those that are told. */
function more(count: number, told: number): string {
  if (count > MAX_PROBLEMS) return `more than ${MAX_PROBLEMS - told} more mistakes`
  return `${count - told} more ${count - told === 1 ? 'mistake' : 'mistakes'}`
}

/** Where no field is named, it is about the whole spec; StatusCause has a reason of its own for each kind of mistake, and this is the general one. */
function causeOf({ field, message }: PolicyProblem): Cause {
  return {
    reason: 'FieldValueInvalid',
    field: field === '' ? 'spec' : printableText(field, MAX_FIELD),
    message: printableText(message, MAX_MESSAGE),
  }
}
