// tallyman as its sources have it, but for the life of its certificate: a minute in place of a month, and renewed after seconds,
// so that a test sees many renewals. Takes the arguments that the Deployment of the overlay `managed` gives to `serve`.
import { parseArgs } from 'node:util'
import { ManagedCertificates } from '../../src/certificates/managed.ts'
import { serveCluster } from '../../src/cli/serve-cluster.ts'
import { followCluster } from '../../src/cluster/follow-cluster.ts'
import { SecretStore } from '../../src/cluster/secret-store.ts'
import { WebhookCallers } from '../../src/cluster/webhook-callers.ts'
import { createLogger } from '../../src/server/logging.ts'
import { serve } from '../../src/server/serve.ts'

const SERVING_MS = 60_000
const RENEWED_MS = 2_000

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    'certificate-secret': { type: 'string', default: '' },
    'service-account': { type: 'string', default: '' },
    host: { type: 'string', multiple: true },
    port: { type: 'string' },
    'probe-port': { type: 'string' },
  },
})
const host = values.host?.at(-1) ?? '127.0.0.1'
const cluster = await serveCluster({ cluster: true, serviceAccount: values['service-account'] })
if (cluster === undefined) throw new Error('this is no Pod')
const { api, namespace } = cluster
const log = createLogger('info', process.stdout)
const stop = new AbortController()
const serving = await serve({
  ...followCluster({ api }),
  certificates: new ManagedCertificates({
    store: new SecretStore({ api, namespace, secret: values['certificate-secret'] }),
    callers: new WebhookCallers({ api, namespace, service: 'tallyman' }),
    // X.509 counts in seconds. Most of the life is left, because it is not the time that is short here that is tested, and a
    // busy machine has pauses.
    lifetimes: {
      authorityMs: 3 * SERVING_MS,
      servingMs: SERVING_MS,
      renewedAt: RENEWED_MS / SERVING_MS,
      skewMs: 1_000,
      settleMs: 1_000,
    },
    pace: { minMs: 50, maxMs: 200, lookMs: 100 },
  }),
  webhook: { host, port: 0 },
  probe: { host, port: 0 },
  log,
  signal: stop.signal,
})
process.once('SIGTERM', () => stop.abort())
log.info(
  { webhook: `https://${host}:${serving.webhook.port}`, probe: `http://${host}:${serving.probe.port}` },
  'ready',
)
await serving.closed
