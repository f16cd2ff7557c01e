import t from 'tap'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import type { ClusterFacts } from '../../src/policy/policy.ts'
import type { Rule } from '../../src/rules/rule.ts'
import { subjectOf } from '../../src/rules/subject.ts'
import type { Container } from '../../src/workload/container.ts'

/** What a row changes in a container of a Pod that has only an image. */
export interface Change extends Partial<Container> {
  readonly cluster?: Partial<ClusterFacts>
  readonly kind?: [group: string, kind: string]
}

/** One row: an image, what else is changed, and the problem that the rule tells (undefined: it is content). */
export type Row = [image: string, change: Change, problem: string | undefined]

/** Runs a rule over a table of containers, with the facts of the built-in policy. */
export function ruleTable(rule: Rule, rows: readonly Row[]): void {
  for (const [image, change, problem] of rows) {
    const { cluster, kind, ...container } = change
    const said = JSON.stringify({ ...container, kind })
    t.test(`${rule.id}: ${image} ${said} ${problem === undefined ? 'is fine' : 'is told'}`, async (t) => {
      t.equal(check(rule, image, container, kind, cluster)?.problem, problem)
    })
  }
}

/** What a rule says of a container of a Pod (or another kind) that differs from a minimal one by a change. */
export function check(
  rule: Rule,
  image: string,
  change: Partial<Container>,
  [group, kind]: [string, string] = ['', 'Pod'],
  cluster: Partial<ClusterFacts> = {},
) {
  const facts = { ...builtInPolicy().cluster, ...cluster }
  const workload = facts.kinds.find(group, kind)
  if (workload === undefined) throw new Error(`no kind ${group}/${kind}`)
  const container: Container = {
    list: 'containers',
    name: 'main',
    image,
    field: 'spec.containers[0].image',
    pullPolicyField: 'imagePullPolicy',
    place: 'spec containers',
    ...change,
  }
  const subject = subjectOf(container, workload, facts)
  return subject && rule.check(subject)
}
