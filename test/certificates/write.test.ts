import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import t from 'tap'
import { developmentCertificates } from '../../src/certificates/development.ts'
import { writeCertificates } from '../../src/certificates/write.ts'

const made = await developmentCertificates(['localhost'])

t.test('files as a TLS Secret has them, the key for the owner only', async (t) => {
  const folder = join(await mkdtemp(join(tmpdir(), 'tallyman-test-')), 'certs')
  t.teardown(() => rm(join(folder, '..'), { recursive: true }))
  for (const time of ['at first', 'over the old ones']) {
    const paths = await writeCertificates(folder, made)
    t.strictSame(paths.map((path) => basename(path)).sort(), ['ca.crt', 'tls.crt', 'tls.key'], time)
    t.strictSame((await readdir(folder)).sort(), ['ca.crt', 'tls.crt', 'tls.key'], `${time}: nothing else`)
  }
  t.equal(await readFile(join(folder, 'ca.crt'), 'utf8'), made.ca)
  t.equal(await readFile(join(folder, 'tls.crt'), 'utf8'), made.serving.certificate)
  t.equal(await readFile(join(folder, 'tls.key'), 'utf8'), made.serving.key)
  t.equal((await stat(join(folder, 'tls.key'))).mode & 0o777, 0o600)
  t.equal((await stat(join(folder, 'tls.crt'))).mode & 0o777, 0o644)
})

t.test('a link at the place of the key is replaced, not followed', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'tallyman-test-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const elsewhere = join(folder, 'elsewhere')
  await writeFile(elsewhere, 'untouched')
  await symlink(elsewhere, join(folder, 'tls.key'))
  await writeCertificates(folder, made)
  t.equal(await readFile(elsewhere, 'utf8'), 'untouched')
  t.equal(await readFile(join(folder, 'tls.key'), 'utf8'), made.serving.key)
})
