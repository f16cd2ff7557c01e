import type { Finding } from '../judge.ts'
import type { Container } from '../workload/container.ts'
import type { Occasion } from './occasion.ts'

/**
 * Of so many containers it is told apart whether their remedies differ too, where all else is the same: an exemption for
 * containers of one name can make that so. Composing a remedy takes longer than judging, and an object can have thousands.
 */
const MAX_REMEDIES = 200

/** What is said once of several containers. */
export interface FindingGroup {
  /** The findings of the first container; the others have the same. At least one. */
  readonly findings: readonly [Finding, ...Finding[]]
  readonly containers: readonly Container[]
}

/** Findings that say the same of the same image and rule in one group, in the order of the first of each. Linear. */
export function groupByRule(findings: readonly Finding[], occasion: Occasion): FindingGroup[] {
  return merge(
    findings.map((finding) => [finding]),
    occasion,
  )
}

/** As groupByRule, but all that is found of a container stays together, because it has one remedy. */
export function groupByContainer(findings: readonly Finding[], occasion: Occasion): FindingGroup[] {
  const byContainer = new Map<string, [Finding, ...Finding[]]>()
  for (const finding of findings) {
    const { field } = finding.container
    const others = byContainer.get(field)
    if (others === undefined) byContainer.set(field, [finding])
    else others.push(finding)
  }
  return merge([...byContainer.values()], occasion)
}

function merge(
  bundles: readonly (readonly [Finding, ...Finding[]])[],
  { changes }: Occasion,
): FindingGroup[] {
  // Most denials are of one container, which needs no comparison.
  const [only, another] = bundles
  if (only !== undefined && another === undefined)
    return [{ findings: only, containers: [only[0].container] }]
  const groups = new Map<string, { findings: FindingGroup['findings']; containers: Container[] }>()
  const told = bundles.length <= MAX_REMEDIES
  for (const findings of bundles) {
    const { container } = findings[0]
    const key = JSON.stringify([
      findings.map((finding) => [finding.rule, finding.image, finding.problem, told && finding.remedy()]),
      container.list === 'volumes',
      container.pullPolicy,
      container.pullPolicyField,
      container.deadlineSeconds,
      changes.keptPolicyFrom(container),
      changes.isUnchanged(container),
    ])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { findings, containers: [container] })
    else group.containers.push(container)
  }
  return [...groups.values()]
}
