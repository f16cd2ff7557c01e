import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type DevelopmentCertificates, developmentCertificates } from '../../src/certificates/development.ts'
import { CertificateFiles } from '../../src/certificates/file-source.ts'
import { CertificateError, checkPair } from '../../src/certificates/pair.ts'
import { Mount } from '../files/mount.ts'
import { PRIMARY, SharedCallers, trustingEntry } from './shared-callers.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const PAST = new Date('2025-01-01T12:00:00Z')
const [first, second, expired, later] = (await Promise.all(
  [NOW, NOW, PAST, PAST].map((now, i) =>
    developmentCertificates(['localhost'], { now, days: i === 3 ? 40 : 30 }),
  ),
)) as [DevelopmentCertificates, DevelopmentCertificates, DevelopmentCertificates, DevelopmentCertificates]

t.test('the pair of two files', async (t) => {
  const { source } = await open(t, first)
  t.equal(source.current.fingerprint, fingerprint(first))
})

t.test('files that cannot be served end the start', async (t) => {
  const mount = await Mount.create(t, files(first))
  const [crt, key] = [mount.path('tls.crt'), mount.path('tls.key')]
  const cases: [what: string, crt: string, key: string, message: RegExp][] = [
    ['no certificate', mount.path('none.crt'), key, /none\.crt: there is no such file; tallyman certs/],
    ['no key', crt, mount.path('none.key'), /none\.key: there is no such file/],
    ['the key twice', key, key, /tls\.key: is no PEM certificate/],
    ['a folder', mount.folder, key, /cannot be read/],
  ]
  for (const [what, crt, key, message] of cases) {
    await t.rejects(CertificateFiles.open(crt, key), message, what)
    await t.rejects(CertificateFiles.open(crt, key), CertificateError, `${what}: a CertificateError`)
  }
})

t.test('a new pair is taken up, a bad one is not', async (t) => {
  const { mount, source } = await open(t, first)
  const next = following(t, source)
  const steps: [
    what: string,
    content: Record<string, string>,
    expected: object,
    served: DevelopmentCertificates,
  ][] = [
    ['a good one', files(second), { changed: {} }, second],
    [
      'a key of another',
      { ...files(second), 'tls.key': first.serving.key },
      { faulty: { message: /does not belong to/ } },
      second,
    ],
    [
      'an expired one',
      files(expired),
      { faulty: { message: /expired on 2025-01-31.*in use is still valid/ } },
      second,
    ],
    [
      'a truncated one',
      { ...files(first), 'tls.crt': '-----BEGIN' },
      { faulty: { name: 'CertificateError' } },
      second,
    ],
    ['a good one again', files(first), { changed: {} }, first],
  ]
  for (const [what, content, expected, served] of steps) {
    const news = next()
    await mount.write(content)
    t.match(await news, expected, what)
    t.equal(source.current.fingerprint, fingerprint(served), `${what}: what is served`)
  }
})

t.test('an expired one is taken where nothing better is in use', async (t) => {
  const { mount, source } = await open(t, expired)
  t.equal(source.current.fingerprint, fingerprint(expired), 'at the start')
  const next = following(t, source)
  for (const made of [later, first]) {
    const news = next()
    await mount.write(files(made))
    t.match(await news, { changed: { fingerprint: fingerprint(made) } })
  }
})

const theirs = await developmentCertificates(['tallyman.tallyman.svc'], { now: NOW })

t.test('readiness waits for those who call to trust what is served', async (t) => {
  const callers = new SharedCallers()
  const entry = (caBundle: string) => trustingEntry(PRIMARY, caBundle)
  callers.change([entry(first.ca)])
  const { source } = await open(t, theirs, callers)
  t.match(source.problem(), /webhook configuration has not been read yet/)
  const next = following(t, source)
  t.match(await next(), { faulty: { message: /Configuration: .*\.caBundle holds no valid CA/ } })
  t.equal(source.problem(), source.fault)
  const mended = next()
  callers.change([entry(first.ca + theirs.ca)])
  t.strictSame(await mended, { mended: true })
  t.equal(source.problem(), undefined)
})

t.test(
  'an entry that only changes of policies come by is a fault, and no reason not to be ready',
  async (t) => {
    const callers = new SharedCallers()
    callers.change([trustingEntry(PRIMARY, theirs.ca), trustingEntry('policies.tallyman.dev', first.ca)])
    const { source } = await open(t, theirs, callers)
    t.match(await following(t, source)(), {
      faulty: { message: /policies\.tallyman\.dev\.caBundle holds no/ },
    })
    t.equal(source.problem(), undefined)
  },
)

t.test('a certificate for another host is not taken for one that can be called', async (t) => {
  const callers = new SharedCallers()
  const { mount, source } = await open(t, first, callers)
  const next = following(t, source)
  t.match(await next(), {
    faulty: {
      message: /tls\.crt: is for DNS:localhost, and .* calls tallyman\.tallyman\.svc; have it issued/,
    },
  })
  t.match(source.problem(), /is for DNS:localhost/)
  const news = next()
  await mount.write(files(theirs))
  t.match(await news, { changed: {} })
  t.equal(source.problem(), undefined)
})

t.test('what was taken once stays ready when the entries change: that is a fault', async (t) => {
  const callers = new SharedCallers()
  callers.change([trustingEntry(PRIMARY, theirs.ca)])
  const { mount, source } = await open(t, theirs, callers)
  const next = following(t, source)
  while (source.problem() !== undefined) await sleep(1)
  const news = next()
  callers.change([trustingEntry(PRIMARY, first.ca)])
  t.match(await news, { faulty: { message: /caBundle holds no valid CA/ } })
  t.equal(source.problem(), undefined)
  const another = next()
  await mount.write(files(first))
  t.match(await another, { changed: {} })
  t.match(source.problem(), /is for DNS:localhost/, 'and another certificate is another matter')
})

t.test('an entry that leads to another Service may lead here all the same', async (t) => {
  const callers = new SharedCallers()
  const elsewhere = { by: 'service', problem: 'a: leads to the service vip.tallyman' } as const
  callers.change([trustingEntry(PRIMARY, '', { elsewhere })])
  const { source } = await open(t, theirs, callers)
  t.match(await following(t, source)(), { faulty: { message: elsewhere.problem } })
  t.equal(source.problem(), undefined)
})

t.test('what callers are told may not be readable: that keeps nobody from being judged', async (t) => {
  const callers = new SharedCallers()
  const { source } = await open(t, first, callers)
  following(t, source)
  t.match(source.problem(), /has not been read yet/)
  callers.lose(new Error('forbidden'))
  t.equal(source.problem(), undefined)
  t.equal(source.fault, undefined)
})

function files({ serving }: DevelopmentCertificates): Record<string, string> {
  return { 'tls.crt': serving.certificate, 'tls.key': serving.key }
}

function fingerprint({ serving }: DevelopmentCertificates): string {
  return checkPair(serving.certificate, serving.key).fingerprint
}

async function open(t: Test, made: DevelopmentCertificates, callers?: SharedCallers) {
  const mount = await Mount.create(t, files(made))
  const source = await CertificateFiles.open(mount.path('tls.crt'), mount.path('tls.key'), {
    now: () => NOW,
    ...(callers && { callers: callers.view() }),
  })
  return { mount, source }
}

/** Follows a source until the test ends; each call waits for the next news. */
function following(t: Test, source: CertificateFiles) {
  let tell: (news: object) => void = () => {}
  const stop = new AbortController()
  const watch = source.watch(
    {
      changed: (changed) => tell({ changed }),
      faulty: (faulty) => tell({ faulty }),
      mended: () => tell({ mended: true }),
    },
    stop.signal,
  )
  t.teardown(() => {
    stop.abort()
    return watch
  })
  return () =>
    new Promise<object>((resolve) => {
      tell = resolve
    })
}
