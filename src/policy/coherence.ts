import { isKubernetesOwn } from '../workload/kinds.ts'
import { parsePath, runsBeside } from '../workload/path.ts'
import type { Checked } from './check.ts'
import type { ProblemList } from './problem-list.ts'
import { quoted } from './quoted.ts'
import type { TagPolicy, TagPolicySpec } from './schema.ts'

/** A value in which anything may be missing, because it was wrong. */
type Partly<T> = T extends readonly (infer Item)[]
  ? (Partly<Item> | undefined)[]
  : T extends object
    ? { [Key in keyof T]?: Partly<T[Key]> }
    : T

/** Adds the mistakes that no field has on its own: what contradicts another field, or repeats one. */
export function checkCoherence({ value, offsets }: Checked, problems: ProblemList): void {
  const policy = (value ?? {}) as Partly<TagPolicy>
  const spec = policy.spec ?? {}
  const report = (field: string, message: string) => problems.add(offsets.get(field) ?? 0, field, message)
  const written = (field: string) => offsets.has(field)

  const name = policy.metadata?.name
  if (name !== undefined && name !== 'default' && written('spec.cluster')) {
    report('spec.cluster', `belongs in the policy "default", from which all take it, not in ${quoted(name)}`)
  }
  if (name === 'default' && written('spec.namespaces')) {
    report('spec.namespaces', 'has no meaning in the policy "default", which holds wherever no other does')
  }
  checkCluster(spec.cluster ?? {}, report)
  reportRepeated(
    spec.exemptions?.map((exemption) => exemption?.name),
    (index) => `spec.exemptions[${index}].name`,
    report,
  )
}

type Report = (field: string, message: string) => void

function checkCluster(cluster: Partly<NonNullable<TagPolicySpec['cluster']>>, report: Report): void {
  const at = 'spec.cluster'
  reportRepeated(
    cluster.registries?.map((registry) => registry?.host),
    (index) => `${at}.registries[${index}].host`,
    report,
  )
  for (const [index, registry] of cluster.registries?.entries() ?? []) {
    if (registry?.retention?.maximum !== undefined && registry.retention.suffix !== true) {
      report(
        `${at}.registries[${index}].retention.maximum`,
        'bounds suffixes: write suffix: true beside it, or remove it',
      )
    }
  }
  const workloads = cluster.workloads ?? []
  reportRepeated(
    workloads.map((workload) =>
      workload?.kind === undefined || workload.group === undefined
        ? undefined
        : `${workload.kind}.${workload.group}`,
    ),
    (index) => `${at}.workloads[${index}]`,
    report,
  )
  for (const [index, workload] of workloads.entries()) {
    for (const [place, { image, pullPolicy } = {}] of workload?.images?.entries() ?? []) {
      if (image === undefined || pullPolicy === undefined) continue
      if (runsBeside(parsePath(pullPolicy), parsePath(image))) continue
      report(
        `${at}.workloads[${index}].images[${place}].pullPolicy`,
        `must go through the same [*] and {*} as its image, ${image}`,
      )
    }
    const { group, kind } = workload ?? {}
    if (group !== undefined && kind !== undefined && isKubernetesOwn(group, kind)) {
      report(`${at}.workloads[${index}]`, `is Kubernetes' own kind ${kind}, which is built in: remove it`)
    }
    if (workload && workload.podSpecs === undefined && workload.images === undefined) {
      report(`${at}.workloads[${index}]`, 'says not where its images are: give it podSpecs or images')
    }
  }
}

/** Reports what came before under the same name. */
function reportRepeated(
  names: readonly (string | undefined)[] | undefined,
  fieldOf: (index: number) => string,
  report: Report,
): void {
  const first = new Map<string, number>()
  for (const [index, name] of names?.entries() ?? []) {
    if (name === undefined) continue
    const before = first.get(name)
    if (before === undefined) first.set(name, index)
    else report(fieldOf(index), `repeats ${quoted(name)} of ${fieldOf(before)}`)
  }
}
