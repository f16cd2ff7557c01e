import { stringify } from 'yaml'
import type { TagPolicy } from '../../src/policy/schema.ts'

/** The text of a TagPolicy, of `default` where no name is given. What the spec leaves out is as in the built-in policy, mode `warn` included. */
export function policy(spec: TagPolicy['spec'], name = 'default'): string {
  return stringify({
    apiVersion: 'tallyman.dev/v1alpha1',
    kind: 'TagPolicy',
    metadata: { name },
    spec,
  })
}

/** The rules' own modes with the switch at enforce: what most tests want. */
export const ENFORCE: string = policy({ mode: 'enforce' })
