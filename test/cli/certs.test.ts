import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { developmentCertificates } from '../../src/certificates/development.ts'
import { writeCertificates } from '../../src/certificates/write.ts'
import { tallyman } from './memory-terminal.ts'

const leaf = (directory: string) => new X509Certificate(readFileSync(join(directory, 'tls.crt')))

t.test('it makes all three, and says what to type next', async (t) => {
  const out = join(t.testdir({}), 'certs')
  const { code, stdout } = await tallyman([
    'certs',
    '--out',
    out,
    '--host',
    'webhook.example.com',
    '192.0.2.7',
  ])
  t.equal(code, 0)
  t.match(stdout, /^Made .*ca\.crt, .*tls\.key, .*tls\.crt, valid until \d{4}-\d\d-\d\d for\n/)
  t.match(stdout, `tallyman serve --tls-cert ${join(out, 'tls.crt')} --tls-key ${join(out, 'tls.key')}`)
  for (const name of ['localhost', 'tallyman.tallyman.svc', 'webhook.example.com'])
    t.equal(leaf(out).checkHost(name), name)
  for (const address of ['127.0.0.1', '::1', '192.0.2.7']) t.equal(leaf(out).checkIP(address), address)
  t.ok(leaf(out).verify(new X509Certificate(readFileSync(join(out, 'ca.crt'))).publicKey))
  t.equal(statSync(join(out, 'tls.key')).mode & 0o777, 0o600)
})

t.test('it says that it replaces something', async (t) => {
  const out = t.testdir({})
  await tallyman(['certs', '--out', out])
  const before = leaf(out).fingerprint256
  t.match(
    (await tallyman(['certs', '--out', out])).stdout,
    /^Replaced .*\n.*\nWhoever trusts the old ca\.crt needs the new one\./,
  )
  t.not(leaf(out).fingerprint256, before)
})

t.test('--keep leaves good ones alone, and makes anew what will not do', async (t) => {
  const out = t.testdir({})
  const keep = async (...args: string[]) =>
    (await tallyman(['certs', '--out', out, '--keep', ...args])).stdout
  const made = await keep()
  t.match(made, /^Made /)
  t.notMatch(made, /Next/, 'a script knows what comes next')
  const before = leaf(out).fingerprint256
  t.match(await keep(), /^Kept .*tls\.crt, valid until /)
  t.equal(leaf(out).fingerprint256, before)
  t.match(await keep('--host', 'further.example.com'), /^Replaced /, 'a name is missing')
  const hosts = [
    'localhost',
    '127.0.0.1',
    '::1',
    'tallyman.tallyman.svc',
    'tallyman.tallyman.svc.cluster.local',
  ]
  await writeCertificates(out, await developmentCertificates(hosts, { days: 6 }))
  t.match(await keep(), /^Replaced /, 'it ends within a week')
  const { ca } = await developmentCertificates(hosts)
  writeFileSync(join(out, 'ca.crt'), ca)
  t.match(await keep(), /^Replaced /, 'another CA has signed it')
  writeFileSync(join(out, 'tls.key'), 'broken')
  t.match(await keep(), /^Replaced /, 'the key is broken')
})

t.test(
  'a directory that the system does not let anybody make',
  { skip: !existsSync('/proc/self') },
  async (t) => {
    t.match(await tallyman(['certs', '--out', '/proc/tallyman/certs']), {
      code: 2,
      stderr: /cannot write to \/proc\/tallyman\/certs: no directory can be made there/,
    })
  },
)

t.test('what cannot be done is said', async (t) => {
  const directory = t.testdir({ file: '', link: t.fixture('symlink', 'nowhere') })
  for (const [name, why] of [
    ['file', /a part of its path is no directory/],
    ['link', /a file or a broken link is in the way/],
    ['x'.repeat(300), /the name is too long/],
  ] as const)
    t.match(await tallyman(['certs', '--out', join(directory, name)]), { code: 2, stderr: why }, name)
  const blocked = await tallyman(['certs', '--out', join(directory, 'file', 'certs')])
  t.equal(blocked.code, 2)
  t.match(blocked.stderr, /cannot write to .*: a part of its path is no directory/)
  t.match(await tallyman(['certs', '--out', directory, '--host', 'a b']), { code: 2, stderr: /IP address/ })
  t.match(await tallyman(['certs', '--out', '']), { code: 2, stderr: /names no directory/ })
  t.match(await tallyman(['certs']), { code: 2, stderr: /--out <dir>/ })
})
