import type { Mode } from './mode.ts'
import type { Policy } from './policy.ts'

/** The same policy with its switch replaced for every namespace and day, as `--mode` does. */
export function withMode(policy: Policy, mode: Mode): Policy {
  return Object.freeze({ ...policy, mode, enforceFrom: undefined, namespaceModes: [] })
}
