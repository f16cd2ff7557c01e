import { BUILT_IN_SPEC } from './built-in-spec.ts'
import { compilePolicy } from './compile.ts'
import type { Policy } from './policy.ts'
import { API_VERSION, KIND, type TagPolicy } from './schema.ts'

/** The built-in policy as data. */
export const BUILT_IN_TAG_POLICY: TagPolicy = {
  apiVersion: API_VERSION,
  kind: KIND,
  metadata: { name: 'default' },
  spec: BUILT_IN_SPEC,
}

const policy = compilePolicy(BUILT_IN_TAG_POLICY)

/** The policy that holds where nobody wrote one: every rule's default under the switch `warn`. Made once, frozen. */
export function builtInPolicy(): Policy {
  return policy
}
