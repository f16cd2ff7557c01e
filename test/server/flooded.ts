// The server of flood.test.ts: tells its port and CA, and on request what is in flight.
import { fixedPolicy } from '../../src/server/policy-source.ts'
import { WebhookListener } from '../../src/server/webhook-listener.ts'
import { certificates, enforcing, HOST, pair, Told } from './listening.ts'

const listener = new WebhookListener({
  policies: fixedPolicy(enforcing),
  minVersion: 'TLSv1.3',
  observer: new Told(),
  now: () => new Date('2026-11-23T12:00:00Z'),
  // However slow the machine: here nobody is to be cut off.
  timeouts: { headersMs: 300_000, requestMs: 300_000 },
})
listener.useCertificate(pair)
const { port } = await listener.listen(HOST, 0)
process.send?.({ port, ca: certificates.ca })
process.on('message', () => process.send?.({ bytes: listener.budget.bytes }))
// A test that is killed ends nothing itself, and a child that stays holds the runner's output open for ever.
process.on('disconnect', () => process.exit())
