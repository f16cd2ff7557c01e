// From the certificate of tallyman's own to one from elsewhere and back, with kubectl and with Helm, while Pods are created: as
// the README says it, nothing goes unjudged on the way there, and what does not fit together holds the rollout up.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { bundleOf } from '../../src/certificates/authorities.ts'
import { type DevelopmentCertificates, developmentCertificates } from '../../src/certificates/development.ts'
import { writeCertificates } from '../../src/certificates/write.ts'
import { until } from '../control-plane/until.ts'
import { helm } from './helm.ts'
import { helmProgram, noHelm } from './helm-program.ts'
import { type InstallOptions, RELEASE } from './installation.ts'
import {
  bundles,
  type Cluster,
  inOrder,
  kept,
  PER_SECOND,
  WITHIN_MS,
  withManaged,
} from './kept-certificate.ts'
import { expectDone } from './kubectl.ts'
import { notJudged, rateOf } from './pod-creates.ts'
import { signal } from './programs.ts'
import type { Replica } from './replica.ts'

/** A way to install. */
interface Way {
  readonly skip?: string | false
  readonly options?: Pick<InstallOptions, 'chart'>
  /** Applies a certificate from elsewhere, with the CAs that are to be trusted. */
  toOwn(cluster: Cluster, own: DevelopmentCertificates, trusted: string): Promise<void>
  toManaged(cluster: Cluster): Promise<void>
  /** Takes away what is of no use any more. */
  readonly leftovers: readonly string[]
}

const SECRET = 'secret/tallyman-certificate'
const withHelm =
  ({ tallyman, controlPlane }: Cluster) =>
  async (...values: string[]) => {
    const upgrade = ['upgrade', RELEASE, tallyman.chart, '--namespace', 'tallyman', '--force-conflicts']
    const run = helm(helmProgram ?? '', controlPlane.login('admin').kubeconfig)
    expectDone(await run([...upgrade, ...values]))
    await tallyman.mount()
  }

const WAYS: Readonly<Record<string, Way>> = {
  kubectl: {
    async toOwn({ tallyman }, own, trusted) {
      const folder = join(tallyman.deploy, 'overlays/own-certificate')
      await writeCertificates(join(folder, 'certs'), own)
      await writeFile(join(folder, 'certs/ca.crt'), trusted)
      tallyman.overlay = folder
      expectDone(await tallyman.apply())
    },
    async toManaged({ tallyman }) {
      tallyman.overlay = join(tallyman.deploy, 'overlays/managed')
      expectDone(await tallyman.apply())
    },
    leftovers: [SECRET, 'role', 'rolebinding', 'clusterrole', 'clusterrolebinding'],
  },
  Helm: {
    skip: noHelm,
    options: { chart: { program: helmProgram ?? '' } },
    async toOwn(cluster, own, trusted) {
      const folder = join(cluster.controlPlane.folder, 'own')
      await writeCertificates(folder, own)
      const file = join(folder, 'trusted.crt')
      await writeFile(file, trusted)
      const admin = cluster.as('admin')
      const files = ['--cert', join(folder, 'tls.crt'), '--key', join(folder, 'tls.key')]
      const create = ['create', 'secret', 'tls', 'tallyman-tls', '-n', 'tallyman', ...files]
      const secret = expectDone(await admin([...create, '--dry-run=client', '-o', 'yaml']))
      expectDone(await admin(['apply', '-f', '-'], secret))
      const values = [
        '--set',
        'certificate.source=secret',
        '--set-file',
        `certificate.secret.caBundle=${file}`,
      ]
      await withHelm(cluster)(...values)
    },
    toManaged: (cluster) => withHelm(cluster)('--set', 'certificate.source=managed'),
    leftovers: [SECRET],
  },
}

/** Replaces each replica by one that runs what the Deployment says now, as a rollout does that takes none away before another is ready. */
async function roll({ tallyman }: Cluster): Promise<void> {
  for (const replica of [...tallyman.replicas]) {
    const next = await tallyman.startAside()
    await saying(next, 200, /^ready$/m)
    tallyman.join(next)
    tallyman.withdraw(replica)
    replica.process.signal('SIGTERM') // it drains, and answers whoever is connected
  }
}

const saying = (replica: Replica, status: number, text: RegExp) =>
  until(`a replica to say ${text}`, WITHIN_MS, signal, async () => {
    const probe = await replica.probe('readyz')
    return probe.status === status && text.test(probe.text) ? true : undefined
  })

for (const [name, way] of Object.entries(WAYS))
  t.test(`there and back with ${name}`, { timeout: 300_000, skip: way.skip ?? false }, async (t) => {
    const cluster = await withManaged(t, way.options)
    const { tallyman, creates, as } = cluster
    const own = await developmentCertificates(['tallyman.tallyman.svc'])

    // A slip: the CA of something else. Those that run are trusted again at once, and the next one is not ready.
    const slip = (await developmentCertificates(['localhost'])).ca
    const before = (await kept(cluster))?.authorities ?? []
    await way.toOwn(cluster, own, slip + bundleOf(before))
    const early = await tallyman.startAside()
    await saying(
      early,
      503,
      /webhooks\[image-tags\.tallyman\.dev\]\.clientConfig\.caBundle holds no valid CA that has signed .*tls\.crt/,
    )
    await early.kill()

    // Both are trusted while replicas serve either.
    const both = own.ca + bundleOf(before)
    await way.toOwn(cluster, own, both)
    await creates.more(PER_SECOND)
    await roll(cluster)
    await creates.more(PER_SECOND)
    t.strictSame(await bundles(cluster), [both, both, both], 'whoever goes away leaves it as it is')

    await way.toOwn(cluster, own, own.ca)
    const rights = way.leftovers.map((it) =>
      it.includes('/') ? it : `${it}.rbac.authorization.k8s.io/tallyman-certificate`,
    )
    expectDone(await as('admin')(['-n', 'tallyman', 'delete', ...rights]))
    await creates.more(PER_SECOND)
    const there = creates.take()
    t.comment(rateOf(there))
    t.strictSame(notJudged(there), [])
    t.strictSame(await bundles(cluster), [own.ca, own.ca, own.ca])

    // The way back has a gap, which the README names: nothing says any more what the replicas serve that still run.
    await way.toManaged(cluster)
    await roll(cluster)
    await inOrder(cluster)
    creates.take()
    await creates.more(PER_SECOND)
    t.strictSame(notJudged(creates.take()), [])
  })
