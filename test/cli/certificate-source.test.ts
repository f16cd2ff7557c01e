import { join } from 'node:path'
import t from 'tap'
import { developmentCertificates } from '../../src/certificates/development.ts'
import { writeCertificates } from '../../src/certificates/write.ts'
import { type CertificateOptions, certificateSource } from '../../src/cli/certificate-source.ts'
import { connect } from '../../src/cli/cluster-option.ts'
import { answeringCluster } from './answering-cluster.ts'

const SERVICE = { service: 'tallyman' } as const

t.test('two files', async (t) => {
  const folder = t.testdir()
  await writeCertificates(folder, await developmentCertificates(['localhost']))
  const files = { tlsCert: join(folder, 'tls.crt'), tlsKey: join(folder, 'tls.key') }
  const source = await certificateSource({ ...SERVICE, ...files }, undefined)
  t.equal(source.kind, 'file')
  t.equal(source.problem(), undefined)
})

t.test('a Secret of the cluster', async (t) => {
  const cluster = await connect({ kubeconfig: await answeringCluster(t, {}) })
  const source = await certificateSource({ ...SERVICE, certificateSecret: 'tallyman-certificate' }, cluster)
  t.equal(source.kind, 'managed')
  t.match(source.problem(), /has not been read yet/)
})

const wrong: [what: string, options: Partial<CertificateOptions>, says: RegExp][] = [
  [
    'nothing',
    {},
    /--tls-cert FILE and --tls-key FILE.*tallyman certs --out certs.*--certificate-secret NAME/,
  ],
  ['one file of two', { tlsCert: 'tls.crt' }, /--tls-cert FILE and --tls-key FILE/],
  ['both ways', { tlsKey: 'tls.key', certificateSecret: 'a' }, /leave out the one or the other/],
  ['a Secret of no cluster', { certificateSecret: 'a' }, /this is no Pod of one/],
]
for (const [what, options, says] of wrong)
  t.test(`${what} is refused`, (t) =>
    t.rejects(certificateSource({ ...SERVICE, ...options }, undefined), {
      name: 'CommandError',
      message: says,
    }),
  )
