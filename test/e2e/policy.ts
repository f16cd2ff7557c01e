import { stringify } from 'yaml'
import type { TagPolicy } from '../../src/policy/schema.ts'

/** The text of the TagPolicy `default`. What the spec leaves out is as in deploy/base/policy.yaml, mode `warn` included. */
export function policy(spec: TagPolicy['spec']): string {
  return stringify({
    apiVersion: 'tallyman.dev/v1alpha1',
    kind: 'TagPolicy',
    metadata: { name: 'default' },
    spec,
  })
}

/** The rules' own modes with the switch at enforce: what most tests want. */
export const ENFORCE: string = policy({ mode: 'enforce' })
