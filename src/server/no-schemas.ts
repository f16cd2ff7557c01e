import type { FastifyServerOptions } from 'fastify'

/**
 * The part of fastify's options that keeps it from loading a JSON schema validator and a serializer, which it does unless it
 * is given others: a hundred modules that take a tenth of the time of a start. No route here has a schema.
 */
export const NO_SCHEMAS = {
  compilersFactory: { buildValidator: compiler, buildSerializer: compiler },
} as const satisfies FastifyServerOptions['schemaController']

function compiler(): never {
  throw new Error('a route has a schema, and nothing here compiles schemas: remove it, or NO_SCHEMAS')
}
