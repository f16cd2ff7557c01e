import t from 'tap'
import { parseDocument, type Scalar } from 'yaml'
import type { Schema } from '../../src/policy/json-schema.ts'
import { scalarProblem } from '../../src/policy/scalar-problem.ts'

const mode: Schema = { type: 'string', enum: ['disabled', 'warn'] }
const text: Schema = { type: 'string', maxLength: 3 }
const unit: Schema = {
  type: 'string',
  problem: (value) => (value.endsWith('h') ? undefined : 'needs a unit'),
}
const cases: [written: string, schema: Schema, problem: string | undefined][] = [
  ['warn', mode, undefined],
  ['OFF', mode, 'kubectl reads OFF as false; the mode is called disabled'],
  ['yes', mode, 'kubectl reads yes as true; write one of disabled, warn'],
  ['n', text, 'quote it, "n": kubectl reads n as false'],
  ['"n"', text, undefined],
  ["'no'", text, undefined],
  ['abcd', text, 'has 4 characters; 3 is the most'],
  ['1.0', text, 'must be text: quote it, "1.0"'],
  ['1h', unit, undefined],
  ['1d', unit, 'needs a unit'],
  ['24', unit, 'needs a unit'],
  ['off', { type: 'boolean' }, 'must be true or false: write false'],
  ['true', { type: 'boolean' }, undefined],
  ['0', { type: 'integer', minimum: 1 }, 'must be at least 1, not 0'],
  ['2', { type: 'integer', maximum: 1 }, 'must be at most 1, not 2'],
]
t.test('what is wrong with a scalar', async (t) => {
  for (const [written, schema, problem] of cases) {
    t.equal(scalarProblem(parseDocument(written).contents as Scalar, schema), problem, written)
  }
})
