import type { Container } from '../../src/workload/container.ts'
import { containersOf } from '../../src/workload/containers.ts'
import { kindsTable } from '../../src/workload/kinds.ts'

const table = kindsTable()

/** What is found in an object of a built-in kind. */
export function found(group: string, kind: string, object: unknown): Container[] {
  const row = table.find(group, kind)
  if (row === undefined) throw new Error(`no ${kind} in group "${group}"`)
  return containersOf(row, object)
}

/** The fields of a result that say something; the name of the pull policy field has a test of its own. */
export function told(container: Container | undefined): Partial<Container> {
  const { pullPolicyField: _, ...rest } = container ?? {}
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
}
