import { createRequire } from 'node:module'
import fastify from 'fastify'
import t from 'tap'
import { NO_SCHEMAS } from '../../src/server/no-schemas.ts'

const { cache } = createRequire(import.meta.url)
const loaded = (name: string) =>
  Object.keys(cache).filter((path) => path.includes(`/node_modules/${name}/`)).length

t.test('neither a validator nor a serializer is loaded', async (t) => {
  const app = fastify({ schemaController: NO_SCHEMAS })
  app.get('/', async () => ({ fine: true }))
  const answer = await app.inject('/')
  t.strictSame(answer.json(), { fine: true })
  t.strictSame([loaded('ajv'), loaded('@fastify/fast-json-stringify-compiler')], [0, 0])
  await app.close()

  await fastify().close()
  t.not(loaded('ajv'), 0, 'which fastify does by itself')
})

t.test('a route with a schema is refused at the start', async (t) => {
  const app = fastify({ schemaController: NO_SCHEMAS })
  app.post('/', { schema: { body: { type: 'object' } } }, async () => '')
  await t.rejects(async () => await app.ready(), /a route has a schema/)
})
