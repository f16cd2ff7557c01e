import t from 'tap'
import { StatusSchema } from '../../src/policy/status-schema.ts'
import { structuralSchema } from '../../src/policy/structural-schema.ts'

t.test('the status is one that a structural schema can say', async (t) => {
  t.match(structuralSchema(StatusSchema), { type: 'object', properties: { conditions: { type: 'array' } } })
})
