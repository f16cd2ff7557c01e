import t from 'tap'
import type { Schema } from '../../src/policy/json-schema.ts'
import { structuralSchema } from '../../src/policy/structural-schema.ts'

const text: Schema = { type: 'string', maxLength: 5, problem: () => undefined }

t.test('each keyword as the API server has it', async (t) => {
  const schema: Schema = {
    type: 'object',
    description: 'what it is',
    required: ['list'],
    properties: {
      list: {
        type: 'array',
        minItems: 1,
        maxItems: 2,
        keys: ['name'],
        items: {
          type: 'object',
          required: ['name'],
          properties: { name: text, day: { type: 'string', format: 'date' } },
        },
      },
      words: { type: 'array', maxItems: 3, items: { type: 'string', enum: ['a', 'b'] } },
      count: { type: 'integer', minimum: 1, maximum: 9 },
    },
    rules: [{ rule: 'has(self.count)', message: 'count it' }],
  }
  t.strictSame(structuralSchema(schema), {
    type: 'object',
    description: 'what it is',
    required: ['list'],
    properties: {
      list: {
        type: 'array',
        minItems: 1,
        maxItems: 2,
        items: {
          type: 'object',
          required: ['name'],
          properties: { name: { type: 'string', maxLength: 5 }, day: { type: 'string', format: 'date' } },
          'x-kubernetes-preserve-unknown-fields': true,
        },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
      },
      words: {
        type: 'array',
        maxItems: 3,
        items: { type: 'string', enum: ['a', 'b'] },
        'x-kubernetes-list-type': 'atomic',
      },
      count: { type: 'integer', minimum: 1, maximum: 9 },
    },
    'x-kubernetes-preserve-unknown-fields': true,
    'x-kubernetes-validations': [{ rule: 'has(self.count)', message: 'count it' }],
  })
})

const REFUSED: [what: string, schema: object, message: string][] = [
  ['a keyword that is not translated', { type: 'string', pattern: '^a' }, 'The schema has pattern'],
  ['a union of types', { anyOf: [text, text] }, 'The schema has anyOf'],
  ['one value', { type: 'string', const: 'a' }, 'The schema has const'],
  ['no type', { description: 'anything' }, 'The schema has no type'],
  ['a format of ours', { type: 'string', format: 'duration' }, 'The schema has the format duration'],
  ['a list without an end', { type: 'array', items: text }, 'The schema has no maxItems'],
  ['a list of anything', { type: 'array', maxItems: 1 }, 'The schema has items'],
  ['an object without fields', { type: 'object' }, 'The schema has properties'],
  [
    'a key that may be absent',
    { type: 'array', maxItems: 1, keys: ['a'], items: { type: 'object', properties: { a: text } } },
    'The schema has a key that is not required',
  ],
  [
    'the place of it',
    {
      type: 'object',
      properties: { list: { type: 'array', maxItems: 1, items: { type: 'string', const: 'a' } } },
    },
    '.list[] has const',
  ],
]
for (const [what, schema, message] of REFUSED) {
  t.test(`refused: ${what}`, async (t) => {
    t.throws(() => structuralSchema(schema as Schema), {
      message: new RegExp(`^${message.replace(/[[\]]/g, '\\$&')}`),
    })
  })
}
