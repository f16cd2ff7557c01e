import type { AddressInfo } from 'node:net'
import fastify, { type FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import { plainText } from '../admission/plain-text.ts'
import { HEADERS_TIMEOUT_MS, REQUEST_TIMEOUT_MS, STALLED_CONNECTION_MS, TIMEOUT_CHECK_MS } from './bounds.ts'
import { NO_SCHEMAS } from './no-schemas.ts'
import { type Check, readiness } from './readiness.ts'

/** A probe has no body. */
const MAX_PROBE_BODY_BYTES = 1024

/** The kubelet, Prometheus and a person or two. */
const MAX_PROBE_CONNECTIONS = 100

/** How much of a wrong URL is quoted back. */
const MAX_QUOTED = 256

const TEXT = 'text/plain; charset=utf-8'

/** Plain HTTP for the kubelet and for Prometheus: `/livez`, `/readyz`, `/metrics`. Apart from the webhook, so that neither can crowd out the other. */
export class ProbeListener {
  readonly #app: FastifyInstance

  constructor({ checks, registry }: { checks: readonly Check[]; registry: Registry }) {
    const app = fastify({
      http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: TIMEOUT_CHECK_MS },
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionTimeout: STALLED_CONNECTION_MS,
      bodyLimit: MAX_PROBE_BODY_BYTES,
      return503OnClosing: false,
      forceCloseConnections: true,
      schemaController: NO_SCHEMAS,
      logger: false,
    })
    app.server.maxConnections = MAX_PROBE_CONNECTIONS
    // Alive is whoever can answer. Restarting would help against nothing that readiness looks at.
    app.get('/livez', async (_request, reply) => reply.type(TEXT).send('alive\n'))
    app.get('/readyz', async (_request, reply) => {
      const { ready, text } = readiness(checks)
      return reply
        .code(ready ? 200 : 503)
        .type(TEXT)
        .send(text)
    })
    app.get('/metrics', async (_request, reply) =>
      reply.type(registry.contentType).send(await registry.metrics()),
    )
    app.setNotFoundHandler((request, reply) =>
      reply
        .code(404)
        .type(TEXT)
        .send(
          `there is nothing at ${plainText(request.url, MAX_QUOTED)}; there are /livez, /readyz and /metrics\n`,
        ),
    )
    this.#app = app
  }

  /** Begins to answer. @throws where the address cannot be listened on */
  async listen(host: string, port: number): Promise<AddressInfo> {
    await this.#app.listen({ host, port })
    return this.#app.server.address() as AddressInfo
  }

  async close(): Promise<void> {
    await this.#app.close()
  }
}
