import fc from 'fast-check'
import t from 'tap'
import { parse } from 'yaml'
import { safeYaml } from '../../src/cli/safe-yaml.ts'

t.test('it says the same and shows no control character', async (t) => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), fc.string({ unit: 'binary' })), (value) => {
      const text = safeYaml(value)
      t.strictSame(parse(text), { ...value })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      return !/[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/.test(text)
    }),
  )
  t.equal(safeYaml({ a: 'a\u202eb' }), '"a": "a\\u202eb"\n')
})

t.test('what needs no quotes has none, and what YAML 1.1 would read otherwise has them', async (t) => {
  t.equal(safeYaml({ a: ['plain', 'on', '42', 42] }), 'a:\n  - plain\n  - "on"\n  - "42"\n  - 42\n')
})
