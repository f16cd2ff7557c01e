import type { Installation } from './installation.ts'
import type { Replica } from './replica.ts'

/** The only replica of an installation. */
export function theReplica({ replicas }: Pick<Installation, 'replicas'>): Replica {
  const [replica, another] = replicas
  if (replica === undefined || another !== undefined) {
    throw new Error(`There are ${replicas.length} replicas, not one`)
  }
  return replica
}

/** How many verdicts on a user's objects they have logged: each denial and each warning is a line. */
export function loggedVerdicts(replicas: readonly Replica[], by: string): number {
  const lines = replicas.flatMap(({ log }) => log.lines)
  return lines.filter(({ msg, user }) => user === by && (msg === 'denied' || msg === 'warned')).length
}
