import { rm } from 'node:fs/promises'
import t, { type Test } from 'tap'
import { InClusterLogin, type InClusterOptions, TOKEN_AGE_MS } from '../../src/cluster/in-cluster-login.ts'
import { Mount } from '../files/mount.ts'

const FILES = { token: 'first\n', 'ca.crt': '-----BEGIN CERTIFICATE-----', namespace: 'tallyman' }

/** A service account's folder, as the kubelet mounts it, and a clock that a test turns on. */
async function open(t: Test, options: Partial<InClusterOptions> = {}) {
  const mount = await Mount.create(t, FILES)
  const time = { now: 0 }
  const login = await InClusterLogin.open({
    host: '10.96.0.1',
    port: '443',
    folder: mount.folder,
    clock: () => time.now,
    ...options,
  })
  return { mount, time, login }
}

const token = async (login: InClusterLogin) => (await login.headers()).authorization

t.test('what a Pod has', async (t) => {
  const { login } = await open(t)
  t.equal(login.server, 'https://10.96.0.1:443')
  t.strictSame(login.tls, { ca: FILES['ca.crt'] })
  t.equal(login.namespace, 'tallyman')
  t.equal(await token(login), 'Bearer first')
})

t.test('an IPv6 address stands in brackets', async (t) => {
  const { login } = await open(t, { host: 'fd00::1', port: '6443' })
  t.equal(login.server, 'https://[fd00::1]:6443')
})

t.test('the token is read anew when it is a minute old', async (t) => {
  const { login, mount, time } = await open(t)
  await mount.write({ ...FILES, token: 'second' })
  time.now = TOKEN_AGE_MS - 1
  t.equal(await token(login), 'Bearer first')
  time.now = TOKEN_AGE_MS
  t.equal(await token(login), 'Bearer second')
  await mount.write({ ...FILES, token: 'third' })
  t.equal(await token(login), 'Bearer second', 'and then not for another minute')
})

t.test('a token that was refused is read anew at once', async (t) => {
  const { login, mount } = await open(t)
  await mount.write({ ...FILES, token: 'second' })
  login.refused()
  t.equal(await token(login), 'Bearer second')
})

t.test('while the file cannot be read, the token at hand is used', async (t) => {
  const { login, mount, time } = await open(t)
  await rm(mount.path('token'))
  time.now = TOKEN_AGE_MS
  t.equal(await token(login), 'Bearer first')
  await mount.write({ ...FILES, token: '' })
  t.equal(await token(login), 'Bearer first')
})

t.test('what is missing is said', async (t) => {
  const outside =
    /^KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set, .* name a kubeconfig with --kubeconfig FILE$/
  const cases: [
    what: string,
    place: Partial<InClusterOptions>,
    files: Partial<typeof FILES>,
    message: RegExp,
  ][] = [
    ['no host', { host: undefined }, {}, outside],
    ['no port', { port: '' }, {}, outside],
    [
      'no token',
      {},
      { token: undefined },
      /token: there is no such file; a Pod has it unless automountServiceAccountToken is false/,
    ],
    ['no CA', {}, { 'ca.crt': undefined }, /ca\.crt: there is no such file/],
    ['no namespace', {}, { namespace: undefined }, /namespace: there is no such file/],
    ['an empty token', {}, { token: '\n' }, /token: holds no token$/],
    ['a token of two lines', {}, { token: 'a\nb' }, /token: holds no token$/],
  ]
  for (const [what, place, files, message] of cases)
    await t.test(what, async (t) => {
      const written = Object.entries({ ...FILES, ...files }).filter(([, content]) => content !== undefined)
      const folder = t.testdir(Object.fromEntries(written))
      const options = { host: '10.96.0.1', port: '443', folder, ...place }
      await t.rejects(InClusterLogin.open(options), { name: 'LoginError', message })
    })
})
