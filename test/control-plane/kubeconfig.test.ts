import t from 'tap'
import { parse } from 'yaml'
import { kubeconfig } from './kubeconfig.ts'

const access = {
  server: 'https://127.0.0.1:6443',
  ca: 'the CA',
  user: 'submitter',
  credentials: { certificate: 'the certificate', key: 'the key' },
}

t.test('one user, one cluster, and no other file', async (t) => {
  const config = parse(kubeconfig({ ...access, namespace: 'team-a' }))
  const context = config.contexts[0]
  t.equal(config['current-context'], context.name)
  t.same(context.context, { cluster: config.clusters[0].name, user: 'submitter', namespace: 'team-a' })
  t.equal(config.clusters[0].cluster.server, access.server)
  const plain = (base64: string) => Buffer.from(base64, 'base64').toString()
  t.equal(plain(config.clusters[0].cluster['certificate-authority-data']), 'the CA')
  t.equal(plain(config.users[0].user['client-certificate-data']), 'the certificate')
  t.equal(plain(config.users[0].user['client-key-data']), 'the key')
})

t.test('without a namespace kubectl uses its own default', async (t) => {
  t.notOk('namespace' in parse(kubeconfig(access)).contexts[0].context)
})
