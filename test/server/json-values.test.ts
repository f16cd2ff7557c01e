import fc from 'fast-check'
import t from 'tap'
import { hasMoreValues } from '../../src/server/json-values.ts'

t.test('never fewer than there are', async () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = Buffer.from(JSON.stringify(value))
      const values = count(value)
      // One more for the outermost, which follows neither comma nor bracket.
      return values <= 1 || hasMoreValues(Buffer.concat([json, Buffer.alloc(values)]), values - 2)
    }),
  )
})

const cases: [json: string, limit: number, more: boolean][] = [
  ['[1,2,3,4]', 3, true],
  ['[1,2,3,4]', 4, false],
  ['{"a":1,"b":2}', 1, true],
  ['{"a":1,"b":2}', 2, false],
  ['[[],[],[]]', 5, true],
  ['"[,{[,{[,{"', 0, false],
  ['"\\",,,,"', 0, false],
  ['["\\\\",2]', 1, true],
  ['["\\\\\\",2"]', 1, false],
  ['"never closed ,,,', 0, false],
  ['"ends in a backslash\\', 0, false],
  ['', 0, false],
]
for (const [json, limit, more] of cases) {
  t.test(`${json} has ${more ? '' : 'no '}more than ${limit}`, async (t) => {
    t.equal(hasMoreValues(Buffer.from(json), limit), more)
  })
}

function count(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  return Object.values(value).reduce((sum: number, inner) => sum + count(inner), 1)
}
