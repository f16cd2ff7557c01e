import { unjudgedText } from '../admission/unjudged-text.ts'
import { type Api, ApiError } from '../cluster/api.ts'
import { judgedNamespaces } from '../cluster/judged-namespaces.ts'
import { type ClusterSnapshot, readNamespaces, readPolicies } from '../cluster/policies-once.ts'
import { PolicyFile } from '../files/policy-file.ts'
import type { Mode } from '../policy/mode.ts'
import type { Policy } from '../policy/policy.ts'
import { choosePolicy, type PolicySet, policySet, type Regime } from '../policy/policy-set.ts'
import { quoted } from '../policy/quoted.ts'
import type { Namespace } from '../policy/switch.ts'
import { withMode } from '../policy/with-mode.ts'
import type { KindsTable } from '../workload/kinds.ts'
import { ask } from './cluster-option.ts'
import { refusedTexts } from './refused-text.ts'

/** By what `preview` judges, and where. */
export interface PreviewPolicies {
  readonly after: Regime
  readonly kinds: KindsTable
  /** Those to look at, with all their labels: what the API server does not ask about is not among them. */
  readonly namespaces: ReadonlyMap<string, Namespace>
  /** Whether one was asked for that does not exist. */
  readonly missing: boolean
  /** What a person should know of it. Not trustworthy text. */
  readonly remarks: readonly string[]
}

export interface PreviewPoliciesOptions {
  readonly allNamespaces?: true
  readonly selector?: string
  readonly mode?: Mode
  readonly policy?: string
}

/**
 * Reads what is to hold.
 * @param names the namespaces to look at, where neither all nor a selector are asked for
 * @throws CommandError, PolicyError
 */
export async function previewPolicies(
  api: Api,
  names: readonly string[],
  options: PreviewPoliciesOptions,
): Promise<PreviewPolicies> {
  const { allNamespaces, selector, policy: file } = options
  const remarks: string[] = []
  const namespaces = new Map(
    await ask(
      allNamespaces || selector !== undefined
        ? readNamespaces(api, { labelSelector: selector })
        : named(api, names, remarks),
    ),
  )
  const missing = allNamespaces || selector !== undefined ? [] : names.filter((name) => !namespaces.has(name))
  for (const name of missing) remarks.push(`there is no namespace ${quoted(name)}`)
  if (selector !== undefined && namespaces.size === 0) remarks.push(`no namespace fits ${quoted(selector)}`)

  const judged = await ask(judgedNamespaces(api))
  for (const namespace of [...namespaces.values()].filter((it) => !judged(it))) {
    namespaces.delete(namespace.name)
    if (names.length > 0) remarks.push(unjudgedText(quoted(namespace.name)))
  }

  let set = await policiesOf(api, remarks)
  if (file !== undefined) {
    const { source } = await PolicyFile.open(file)
    set = policySet(new Map([...set.sources, [source.metadata.name, source]]))
  }
  // A policy that is to be tried is tried as it stands; what is in force only warns, as a rule, and would break nothing.
  const mode = options.mode ?? (file === undefined ? 'enforce' : undefined)
  if (options.mode === undefined)
    remarks.push(
      file === undefined
        ? 'judged as if every switch were enforce; --policy FILE judges by a policy as it stands'
        : `judged by ${file} as it stands; --mode enforce judges as if it denied everywhere today`,
    )
  return {
    after: regime(set, namespaces, mode),
    kinds: set.default.cluster.kinds,
    namespaces,
    missing: missing.length > 0,
    remarks,
  }
}

/** Those that exist. Whoever may read workloads in one and not its labels is told what of it is not known. */
async function named(
  api: Api,
  names: readonly string[],
  remarks: string[],
): Promise<ReadonlyMap<string, Namespace>> {
  const each = await Promise.all(
    names.map(async (namespace) => {
      try {
        return await readNamespaces(api, { namespace })
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 403)) throw error
        remarks.push(`judged as one without labels: ${error.message}`)
        return new Map([[namespace, { name: namespace, labels: {} }]])
      }
    }),
  )
  return new Map(each.flatMap((found) => [...found]))
}

/** Whoever may not read policies can still see what the built-in one says. */
async function policiesOf(api: Api, remarks: string[]): Promise<PolicySet> {
  let read: Omit<ClusterSnapshot, 'namespaces'>
  try {
    read = await ask(forbidden(readPolicies(api)))
  } catch (error) {
    if (!(error instanceof NotReadable)) throw error
    remarks.push(`you may not read TagPolicies, so the built-in policy is taken: ${error.message}`)
    return policySet(new Map())
  }
  if (!read.installed) remarks.push('the cluster has no TagPolicies, so the built-in policy is taken')
  remarks.push(...read.refused.flatMap(refusedTexts))
  return read.policies
}

class NotReadable extends Error {}

async function forbidden<T>(question: Promise<T>): Promise<T> {
  try {
    return await question
  } catch (error) {
    throw error instanceof ApiError && error.status === 403 ? new NotReadable(error.message) : error
  }
}

function regime(set: PolicySet, namespaces: ReadonlyMap<string, Namespace>, mode: Mode | undefined): Regime {
  const switched = new Map<Policy, Policy>()
  const inMode = (policy: Policy): Policy => {
    if (mode === undefined) return policy
    const known = switched.get(policy) ?? withMode(policy, mode)
    switched.set(policy, known)
    return known
  }
  return (name) => {
    const namespace = namespaces.get(name) ?? { name, labels: {} }
    return { policy: inMode(choosePolicy(set, namespace).policy), namespace }
  }
}
