// Certificates, as an admin changes them: a new one from a new CA under load, with not one create unjudged; and one that
// has expired, with the API server's own words for it.
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from 'node:tls'
import t from 'tap'
import { type DevelopmentCertificates, developmentCertificates } from '../../src/certificates/development.ts'
import { writeCertificates } from '../../src/certificates/write.ts'
import { LOOPBACK } from '../control-plane/free-ports.ts'
import { bothFailurePolicies, CLOSED, OPEN } from './failure-policies.ts'
import { expectFault } from './fault-effects.ts'
import type { Installation } from './installation.ts'
import { expectDone } from './kubectl.ts'
import { createPod, notJudged, PodCreates, rateOf } from './pod-creates.ts'
import { ENFORCE } from './policy.ts'
import { theReplica } from './replicas.ts'
import { setUp } from './set-up.ts'

const PER_SECOND = 100
const [HOST, ...OTHER_NAMES] = ['tallyman.tallyman.svc', 'tallyman.tallyman.svc.cluster.local'] as const
const DAY_MS = 24 * 60 * 60 * 1000

const certificates = () => developmentCertificates([HOST, ...OTHER_NAMES])
const expired = () => developmentCertificates([HOST], { now: new Date(Date.now() - 2 * DAY_MS), days: 1 })

t.test('a new CA and a new certificate, under load', async (t) => {
  const { controlPlane, tallyman } = await setUp(t, { policy: ENFORCE })
  const { log, port } = theReplica(tallyman)
  const creates = new PodCreates({
    client: controlPlane.admin,
    namespaces: ['team-a'],
    perSecond: PER_SECOND,
  })
  t.teardown(() => creates.stop())
  await creates.more(PER_SECOND)

  // As deploy/overlays/own-certificate says: both CAs are trusted until each replica serves the new certificate.
  const old = await readFile(tallyman.certificateMount.path('ca.crt'), 'utf8')
  const next = await certificates()
  await install(tallyman, { ...next, ca: old + next.ca })
  await creates.more(PER_SECOND)
  const serving = log.next('serving certificate')
  await tallyman.certificateMount.write(secret(next))
  await serving
  await creates.more(PER_SECOND)

  const another = await certificates()
  const slips = [
    { ...next, serving: { ...next.serving, key: another.serving.key } }, // the key of another certificate
    await expired(),
  ]
  for (const slip of slips) {
    const refused = log.next('certificate not in order, what is served stays')
    await tallyman.certificateMount.write(secret(slip))
    t.match((await refused).error, { type: 'CertificateError' })
  }
  // With another caBundle the API server opens new connections, and only the new certificate will do.
  await install(tallyman, next)
  await creates.more(PER_SECOND)
  const answers = await creates.stop()
  t.comment(rateOf(answers))
  t.strictSame(notJudged(answers), [])
  t.ok(await shows(port, next), 'the new certificate is served')
})

t.test('an expired certificate', async (t) => {
  const { controlPlane, tallyman } = await setUp(t, { policy: ENFORCE })
  await bothFailurePolicies(controlPlane, { timeoutSeconds: 30 })
  const create = (namespace: string) => createPod(controlPlane.admin, { namespace, image: 'moving' })
  const good = {
    'ca.crt': await readFile(tallyman.certificateMount.path('ca.crt'), 'utf8'),
    'tls.crt': await readFile(tallyman.certificateMount.path('tls.crt'), 'utf8'),
    'tls.key': await readFile(tallyman.certificateMount.path('tls.key'), 'utf8'),
  }
  const before = theReplica(tallyman)
  await before.kill()
  tallyman.withdraw(before)

  await tallyman.certificateMount.write(secret(await expired()))
  const replica = await tallyman.startReplica()
  t.match(await replica.probe('readyz'), { status: 503, text: /certificate: expired on / })
  expectFault(
    t,
    await Promise.all([OPEN, CLOSED].map(create)),
    /x509: certificate has expired or is not yet valid/,
  )

  const serving = replica.log.next('serving certificate')
  await tallyman.certificateMount.write(good)
  await serving
  t.equal((await replica.probe('readyz')).status, 200)
  t.strictSame(notJudged(await Promise.all([OPEN, CLOSED].map(create))), [], 'judged, without a restart')
})

/** The Secret and the caBundle, by `kubectl apply -k`. */
async function install(tallyman: Installation, certificates: DevelopmentCertificates): Promise<void> {
  await writeCertificates(join(tallyman.deploy, 'overlays/own-certificate/certs'), certificates)
  expectDone(await tallyman.apply())
}

/** The files of the mounted Secret, which the kubelet brings up to date some time after the Secret. */
function secret({ ca, serving }: DevelopmentCertificates): Record<string, string> {
  return { 'ca.crt': ca, 'tls.crt': serving.certificate, 'tls.key': serving.key }
}

/** Whether new connections meet a certificate that this CA signed. */
async function shows(port: number, { ca }: DevelopmentCertificates): Promise<boolean> {
  const socket = connect({ host: LOOPBACK, port, ca, servername: HOST })
  await once(socket, 'secureConnect')
  socket.destroy()
  return socket.authorized
}
