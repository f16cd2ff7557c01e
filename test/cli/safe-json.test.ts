import fc from 'fast-check'
import t from 'tap'
import { safeJson } from '../../src/cli/safe-json.ts'

t.test('it says the same and shows no control character', async (t) => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const text = safeJson(value)
      t.strictSame(JSON.parse(text), JSON.parse(JSON.stringify(value)))
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      return !/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/.test(text)
    }),
  )
  t.equal(safeJson('a\u202eb\u009b'), '"a\\u202eb\\u009b"')
})
