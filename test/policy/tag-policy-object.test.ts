import fc from 'fast-check'
import t from 'tap'
import { parse } from 'yaml'
import { PolicyError, readTagPolicy } from '../../src/policy/parse.ts'
import { readTagPolicyObject } from '../../src/policy/tag-policy-object.ts'
import { BAD_POLICIES } from './bad-policies.ts'
import { tagPolicies } from './tag-policies.ts'

function refusal(read: () => unknown): PolicyError | undefined {
  try {
    read()
  } catch (error) {
    if (error instanceof PolicyError) return error
    throw error
  }
  return undefined
}

const fieldsOf = (error: PolicyError | undefined) => error?.problems.map(({ field }) => field).sort()

t.test('whatever a file may say, an object may', async () => {
  fc.assert(
    fc.property(tagPolicies, (policy) => {
      const stored = {
        ...policy,
        metadata: { ...policy.metadata, uid: 'u', managedFields: [{}] },
        status: { a: 1 },
      }
      const { apiVersion: _, kind: __, ...item } = stored
      for (const object of [stored, item])
        if (JSON.stringify(readTagPolicyObject(object)) !== JSON.stringify(policy)) return false
      return true
    }),
  )
})

/** Mistakes of the text and not of its value: what stands outside of the spec, and what only YAML can say. */
const OF_THE_TEXT = /^(?!.*: spec)|is given twice|merge keys|alias|kubectl reads|quote it/m

t.test('what is refused in a file is refused in an object, and the same fields are named', async (t) => {
  let compared = 0
  for (const [text] of BAD_POLICIES) {
    const inFile = refusal(() => readTagPolicy(text, 'a file'))
    if (inFile === undefined || OF_THE_TEXT.test(inFile.message)) continue
    compared += 1
    t.strictSame(fieldsOf(refusal(() => readTagPolicyObject(parse(text)))), fieldsOf(inFile), text)
  }
  t.ok(compared > 40, `most of the table is compared: ${compared} of ${BAD_POLICIES.length}`)
})

const CASES: [what: string, object: unknown, message: string][] = [
  ['nothing', null, 'TagPolicy: metadata.name: is missing\nTagPolicy: spec: is missing'],
  ['a text', 'mode: warn', 'TagPolicy: metadata.name: is missing\nTagPolicy: spec: is missing'],
  [
    'what kubectl makes of mode: off',
    { metadata: { name: 'a' }, spec: { mode: false } },
    'TagPolicy a: spec.mode: there is no false: the mode is called disabled',
  ],
  [
    'a key of every object',
    JSON.parse('{"metadata":{"name":"a"},"spec":{"__proto__":{"mode":"warn"}}}'),
    'TagPolicy a: spec.__proto__: unknown field: known here are mode, enforceFrom, namespaceModes, namespaces, rules, ephemeralContainers, ownedObjects, helpURL, exemptions, cluster',
  ],
  [
    'a name that fits no label',
    { metadata: { name: 'a'.repeat(64) }, spec: {} },
    `TagPolicy "${'a'.repeat(40)}…": metadata.name: has 64 characters; 63 is the most`,
  ],
  [
    'a name that would do something to a terminal',
    { metadata: { name: '\u001b[31m' }, spec: {} },
    'TagPolicy "\\u{1b}[31m": metadata.name: must be lower-case letters, digits, "-" and "." (neither at an end), not "\\u{1b}[31m"',
  ],
  [
    'numbers (JSON may say 1e400) where texts and lists belong',
    { metadata: { name: 'a' }, spec: { helpURL: Infinity, namespaces: 7, exemptions: { a: 1 } } },
    'TagPolicy a: spec.helpURL: must be a URL such as https://wiki.example.com/image-tags, not "Infinity"\n' +
      'TagPolicy a: spec.namespaces: must be a list: write ["7"]\n' +
      'TagPolicy a: spec.exemptions: must be a list, not fields',
  ],
  [
    'a list without end',
    { metadata: { name: 'a' }, spec: { namespaces: new Array(1_000_000).fill(0) } },
    'TagPolicy a: spec.namespaces: has 1000000 entries; 100 is the most',
  ],
  [
    'null where fields belong',
    { metadata: { name: 'a' }, spec: null },
    'TagPolicy a: spec: is empty: give it a value, or remove it',
  ],
]
for (const [what, object, message] of CASES) {
  t.test(what, async (t) => t.equal(refusal(() => readTagPolicyObject(object))?.message, message))
}

t.test('one that is nested without end', async (t) => {
  let deep: object = {}
  for (let depth = 0; depth < 100_000; depth++) deep = { a: deep }
  const error = refusal(() =>
    readTagPolicyObject({ metadata: { name: 'a' }, spec: { mode: deep, rules: deep } }),
  )
  t.strictSame(fieldsOf(error), ['spec.mode', 'spec.rules.a'])
})

t.test('anything at all is read or refused', async () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 4 }), (spec) => {
      refusal(() => readTagPolicyObject({ metadata: { name: 'a' }, spec }))
    }),
  )
})
