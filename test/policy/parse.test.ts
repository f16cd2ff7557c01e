import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { stringify } from 'yaml'
import { PolicyError, parsePolicy, readTagPolicy } from '../../src/policy/parse.ts'
import { BAD_POLICIES } from './bad-policies.ts'
import { tagPolicies } from './tag-policies.ts'

/** Three lines of a terminal of 100 columns: what is longer is not read. */
const READABLE = 300

function refusal(text: string): PolicyError {
  try {
    readTagPolicy(text, 'policy.yaml')
  } catch (error) {
    if (error instanceof PolicyError) return error
    throw error
  }
  throw new Error(`was accepted: ${text}`)
}

t.test('each mistake is named with file, line and field', async (t) => {
  for (const [text, ...lines] of BAD_POLICIES) {
    const error = refusal(text)
    t.same(error.message.split('\n'), lines, String(lines[0]))
    t.ok(error.message.split('\n').every((line) => line.length <= READABLE))
    t.notMatch(error.message, /[^\P{C}\n]/u, 'nothing in it acts on a terminal')
  }
})

t.test('the error carries the mistakes as data', async (t) => {
  const error = refusal(
    'apiVersion: tallyman.dev/v1alpha1\nkind: TagPolicy\nmetadata: {name: a}\nspec: {moed: warn}\n',
  )
  t.equal(error.source, 'policy.yaml')
  t.same(error.problems, [{ line: 4, field: 'spec.moed', message: 'unknown field: did you mean mode?' }])
})

t.test('more mistakes than anybody reads are counted', async (t) => {
  const fields = Array.from({ length: 150 }, (_, i) => `  x${i}: 1\n`).join('')
  const lines = refusal(
    `apiVersion: tallyman.dev/v1alpha1\nkind: TagPolicy\nmetadata: {name: a}\nspec:\n${fields}`,
  ).message.split('\n')
  t.equal(lines.length, 101)
  t.equal(lines.at(-1), 'policy.yaml: and 50 more mistakes')
})

t.test('good policies load', async (t) => {
  const folder = new URL('../fixtures/policies/', import.meta.url)
  const files = globSync('**/*.{yaml,json}', { cwd: folder })
  t.ok(files.length >= 5)
  for (const file of files) {
    t.doesNotThrow(() => parsePolicy(readFileSync(new URL(file, folder), 'utf8'), file), file)
  }
})

t.test('a valid policy is read alike from YAML and from JSON', async () => {
  fc.assert(
    fc.property(tagPolicies, fc.constantFrom(undefined, 2, '\t'), (policy, indent) => {
      // compat: names such as "no" are quoted, as kubectl needs it and this parser insists.
      const texts = [stringify(policy, { compat: 'yaml-1.1' }), JSON.stringify(policy, null, indent)]
      for (const text of texts) {
        assert.deepEqual(readTagPolicy(text, 'policy'), policy)
        assert.equal(parsePolicy(text, 'policy').name, policy.metadata.name)
      }
    }),
    { numRuns: 150 },
  )
})

t.test('whatever the text, the answer is a policy or a PolicyError', async () => {
  const pieces = fc.constantFrom(
    ...[
      'spec:',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '&a ',
      '*a',
      ': ',
      '"',
      "'",
      'mode',
      '|',
      '>',
      '---\n',
      '%',
      '!!',
      '\t',
      '?',
      '#',
      '<<',
      '\0',
      '\ud800',
    ],
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (text) => {
      assert.notEqual(refusal(text.join('')).problems.length, 0)
    }),
    { numRuns: 500 },
  )
})

t.test('hostile texts are refused, not expanded', async (t) => {
  const head = 'apiVersion: tallyman.dev/v1alpha1\nkind: TagPolicy\nmetadata: {name: default}\n'
  const bomb = `${'abcdefghij'.replace(/./g, (letter, i) =>
    i === 0
      ? 'a: &a [x]\n'
      : `${letter}: &${letter} [${Array(10)
          .fill(`*${'abcdefghij'[i - 1]}`)
          .join(', ')}]\n`,
  )}`
  const texts: [what: string, text: string, expected: RegExp][] = [
    ['aliases of aliases', `${head}spec: {exemptions: *j}\n${bomb}`, /no anchor &j/],
    [
      'aliases of aliases, defined first',
      `${bomb}${head}spec: {exemptions: *j}\n`,
      /spec\.exemptions\[0\]: must hold fields, not a list/,
    ],
    [
      'an alias within its own anchor',
      `${head}spec: {exemptions: &a [*a]}\n`,
      /spec\.exemptions\[0\]: must hold fields, not a list/,
    ],
    ['a deep list', '['.repeat(100_000), /nested too deeply/],
    ['a deep map', 'a: {'.repeat(20_000), /is not YAML|nested too deeply/],
    ['a long text', `# ${'x'.repeat(1024 * 1024)}`, /longer than 1 MiB/],
    ['many fields', Array.from({ length: 20_000 }, (_, i) => `field${i}: 1`).join('\n'), /more mistakes/],
    [
      'many aliases',
      `a: &a 1\n${Array.from({ length: 10_000 }, (_, i) => `b${i}: *a`).join('\n')}`,
      /more mistakes/,
    ],
    [
      'a key of Object.prototype',
      `${head}spec: {__proto__: {mode: enforce}, constructor: 1}\n`,
      /spec\.__proto__: unknown field/,
    ],
  ]
  for (const [what, text, expected] of texts) t.match(refusal(text).message, expected, what)
})
