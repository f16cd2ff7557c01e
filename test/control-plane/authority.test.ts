import { createPublicKey, sign, verify, X509Certificate } from 'node:crypto'
import t from 'tap'
import { Authority, serviceAccountKeys } from './authority.ts'

t.test('a user: the common name is the user, the organisations are the groups', async (t) => {
  const authority = await Authority.create()
  const { certificate, key } = await authority.issue({ name: 'submitter', groups: ['submitters', 'people'] })
  const read = new X509Certificate(certificate)
  t.same(read.subject.split('\n'), ['O=submitters', 'O=people', 'CN=submitter'])
  t.ok(read.verify(new X509Certificate(authority.certificate).publicKey), 'signed by the authority')
  t.same(read.keyUsage, ['1.3.6.1.5.5.7.3.2'], 'for clients only')
  t.ok(verify('sha256', Buffer.from('x'), read.publicKey, sign('sha256', Buffer.from('x'), key)), 'its key')
})

t.test('a server: by names and by addresses', async (t) => {
  const authority = await Authority.create()
  const hosts = ['127.0.0.1', 'localhost']
  const read = new X509Certificate((await authority.issue({ name: 'kube-apiserver', hosts })).certificate)
  t.equal(read.subjectAltName, 'IP Address:127.0.0.1, DNS:localhost')
  t.same(read.keyUsage, ['1.3.6.1.5.5.7.3.1'], 'for servers only')
  t.ok(read.checkIssued(new X509Certificate(authority.certificate)))
})

t.test('service account keys are a pair', async (t) => {
  const keys = await serviceAccountKeys()
  const token = Buffer.from('a token')
  t.ok(verify('sha256', token, createPublicKey(keys.public), sign('sha256', token, keys.private)))
})
