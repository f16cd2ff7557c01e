import { deepFreeze } from './deep-freeze.ts'
import type { Mode } from './mode.ts'
import type { Policy } from './policy.ts'

/** The same policy with its switch replaced for every namespace and day, as `--mode` does. */
export function withMode(policy: Policy, mode: Mode): Policy {
  const { enforceFrom: _, ...rest } = policy
  // Somebody asked for one mode: the labels of a namespace do not change it either.
  return deepFreeze({
    ...rest,
    mode,
    namespaceModes: [],
    cluster: { ...policy.cluster, namespaceOverride: 'ignored' },
  })
}
