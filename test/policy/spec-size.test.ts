import t from 'tap'
import { readTagPolicy } from '../../src/policy/parse.ts'
import { MAX_SPEC_BYTES } from '../../src/policy/spec-size.ts'
import { readTagPolicyObject } from '../../src/policy/tag-policy-object.ts'
import { sizedPolicy } from './sized-policy.ts'

const cases: [what: string, policy: object, size?: string][] = [
  ['a usual one', sizedPolicy(30_000)],
  ['the largest', sizedPolicy(MAX_SPEC_BYTES)],
  ['one byte more', sizedPolicy(MAX_SPEC_BYTES + 1), '524,289'],
  ['what the API server writes as six bytes', sizedPolicy(MAX_SPEC_BYTES, '<'), '526,788'],
  ['what takes two bytes', sizedPolicy(MAX_SPEC_BYTES, 'é'), '524,788'],
]
for (const [what, policy, size] of cases)
  t.test(what, async (t) => {
    if (size === undefined) readTagPolicyObject(policy)
    else
      t.throws(() => readTagPolicyObject(policy), {
        message: new RegExp(`^TagPolicy default: spec: has ${size} bytes as JSON, `),
      })
  })

t.test('it is said which part is the largest, and what to do', async (t) => {
  t.throws(() => readTagPolicy(JSON.stringify(sizedPolicy(600_000)), 'policy.yaml'), {
    message:
      'policy.yaml:1: spec: has 600,000 bytes as JSON, 599,971 of them in exemptions; 524,288 is the most, because its status keeps a copy: write one glob for many names, and remove what has ended',
  })
})
