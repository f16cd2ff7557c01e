import type { Policies } from '../admission/policies.ts'
import { type Judged, judgedAsInstalled, judgedNamespaces } from '../cluster/judged-namespaces.ts'
import { readNamespaces, readPolicies } from '../cluster/policies-once.ts'
import type { Mode } from '../policy/mode.ts'
import type { Policy } from '../policy/policy.ts'
import { choosePolicy, type InForce } from '../policy/policy-set.ts'
import { heldIn } from '../policy/provenance.ts'
import { quoted } from '../policy/quoted.ts'
import type { Namespace } from '../policy/switch.ts'
import { withMode } from '../policy/with-mode.ts'
import type { KindsTable } from '../workload/kinds.ts'
import { ask, type Cluster } from './cluster-option.ts'
import { loadPolicy } from './policy-option.ts'
import { refusedTexts } from './refused-text.ts'

/** By what lint judges. */
export interface LintPolicies extends Policies {
  /** Which kinds are of cluster scope; all policies agree. */
  readonly kinds: KindsTable
  /** The namespace of objects that name none, where the command line says none either. */
  readonly namespace: string
  /** Whether the webhook is asked about what is in a namespace. */
  readonly judges: Judged
  /** Says how it is judged where --mode does not say it, a sentence. */
  readonly assumption: string
  /** What else a person should know of how it was judged. Not trustworthy text. */
  remarks(): readonly string[]
}

/** One policy for all namespaces; without a file the built-in one. @throws PolicyError */
export async function policiesOfFile(
  file: string | undefined,
  mode: Mode | undefined,
): Promise<LintPolicies> {
  const policy = withMode(await loadPolicy(file), mode ?? 'enforce')
  return {
    kinds: policy.cluster.kinds,
    namespace: 'default',
    judges: judgedAsInstalled,
    assumption: 'Judged as if the policy were switched to enforce; --mode warn judges otherwise.',
    for: (name) => ({ policy, namespace: { name, labels: {} } }),
    remarks: () => [],
  }
}

/**
 * The policies of a cluster and the labels of its namespaces, each read when an object is in it: whoever may read no
 * others can lint what is for their own.
 * @throws CommandError where the policies may not be read; `for` where a namespace may not
 */
export async function policiesOfCluster(
  { api, namespace }: Cluster,
  mode: Mode | undefined,
  now: Date,
): Promise<LintPolicies> {
  const [{ policies: set, refused }, judges] = await ask(
    Promise.all([readPolicies(api), judgedNamespaces(api)]),
  )
  const remarks = refused.flatMap(refusedTexts)
  const inMode = modeOver(mode)
  const read = async (name: string): Promise<InForce> => {
    const found = await namespaceOf(name)
    if (mode === undefined)
      for (const why of heldIn(set, found, now).ignored) remarks.push(`namespace ${name}: ${why}`)
    return { policy: inMode(choosePolicy(set, found).policy), namespace: found }
  }
  const namespaceOf = async (name: string): Promise<Namespace> => {
    const found = name === '' ? undefined : (await ask(readNamespaces(api, { namespace: name }))).get(name)
    if (found === undefined && name !== '')
      remarks.push(`there is no namespace ${quoted(name)} in the cluster: judged as one without labels`)
    return found ?? { name, labels: {} }
  }
  return {
    kinds: set.default.cluster.kinds,
    namespace,
    judges,
    assumption: 'Judged by what holds in the cluster today; --mode enforce judges what a denial would hit.',
    for: once(read),
    remarks: () => remarks,
  }
}

/** Puts a mode over policies, each once: to compile one again for each object would take longer than to judge it. */
function modeOver(mode: Mode | undefined): (policy: Policy) => Policy {
  const made = new Map<Policy, Policy>()
  return (policy) => {
    if (mode === undefined) return policy
    const known = made.get(policy) ?? withMode(policy, mode)
    made.set(policy, known)
    return known
  }
}

/** Remembers the answers to texts. */
function once<T>(answer: (text: string) => Promise<T>): (text: string) => Promise<T> {
  const known = new Map<string, Promise<T>>()
  return (text) => {
    const first = known.get(text) ?? answer(text)
    known.set(text, first)
    return first
  }
}
