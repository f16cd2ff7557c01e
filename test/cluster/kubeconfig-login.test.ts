import { once } from 'node:events'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ApiClient } from '../../src/cluster/api-client.ts'
import { KubeconfigLogin } from '../../src/cluster/kubeconfig-login.ts'
import { answer, certificates, HOST, ScriptedApiServer } from './scripted-api-server.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

/** A kubeconfig of one cluster and one user, in a folder of its own with whatever else belongs to it. */
function kubeconfig(
  t: Test,
  { user = {}, cluster = {}, context = {}, files = {} }: Record<string, object> = {},
) {
  const folder = t.testdir({
    ...files,
    config: JSON.stringify({
      clusters: [{ name: 'lab', cluster: { server: 'https://lab.example:6443', ...cluster } }],
      users: [{ name: 'jane', user }],
      contexts: [{ name: 'jane@lab', context: { cluster: 'lab', user: 'jane', ...context } }],
      'current-context': 'jane@lab',
    }),
  })
  return { folder, file: join(folder, 'config') }
}

/** A credential plugin that prints what a shell command prints. */
async function plugin(folder: string, command: string): Promise<void> {
  await writeFile(join(folder, 'plugin'), `#!/bin/sh\n${command}\n`)
  await chmod(join(folder, 'plugin'), 0o755)
}

const credential = (status: object) =>
  JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status })

t.test('where and whom', async (t) => {
  const { file } = kubeconfig(t, {
    cluster: {
      server: 'https://lab.example:6443/clusters/c-1//',
      'certificate-authority-data': base64('CA'),
      'tls-server-name': 'kubernetes',
    },
    user: { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') },
    context: { namespace: 'team-a' },
  })
  const login = await KubeconfigLogin.open({ file })
  t.equal(login.server, 'https://lab.example:6443/clusters/c-1')
  t.equal(login.namespace, 'team-a')
  t.equal(login.agent, undefined)
  t.strictSame(login.tls, {
    ca: Buffer.from('CA'),
    cert: Buffer.from('CERT'),
    key: Buffer.from('KEY'),
    servername: 'kubernetes',
  })
  t.strictSame(await login.headers(), {})
})

t.test('files, and no verification where a kubeconfig says so', async (t) => {
  const { file } = kubeconfig(t, {
    cluster: { 'certificate-authority': 'ca.crt', 'insecure-skip-tls-verify': true },
    user: { 'client-certificate': 'jane.crt', 'client-key': 'jane.key' },
    files: { 'ca.crt': 'CA', 'jane.crt': 'CERT', 'jane.key': 'KEY' },
  })
  const login = await KubeconfigLogin.open({ file })
  t.strictSame(login.tls, {
    ca: Buffer.from('CA'),
    cert: Buffer.from('CERT'),
    key: Buffer.from('KEY'),
    rejectUnauthorized: false,
  })
  t.equal(login.namespace, 'default')
})

t.test('headers', async (t) => {
  const cases: [what: string, user: object, headers: object][] = [
    ['a token', { token: 'abc' }, { Authorization: 'Bearer abc' }],
    ['a file with a token', { tokenFile: 'token', token: 'older' }, { Authorization: 'Bearer from-file' }],
    [
      'on behalf of somebody',
      { token: 'abc', as: 'sam' },
      { Authorization: 'Bearer abc', 'Impersonate-User': 'sam' },
    ],
    ['a password', { username: 'jane', password: 'x' }, { Authorization: `Basic ${base64('jane:x')}` }],
  ]
  for (const [what, user, headers] of cases)
    await t.test(what, async (t) => {
      const { file } = kubeconfig(t, { user, files: { token: 'from-file\n' } })
      t.strictSame(await (await KubeconfigLogin.open({ file })).headers(), headers)
    })
})

t.test('a credential plugin', async (t) => {
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: './plugin',
    env: null,
    interactiveMode: 'Never',
  }
  const { folder, file } = kubeconfig(t, { user: { exec } })
  const counted = `echo x >> ${folder}/runs`
  const token = `$(wc -l < ${folder}/runs | tr -d ' ')`
  await plugin(
    folder,
    `${counted}; printf '%s' "$KUBERNETES_EXEC_INFO" > ${folder}/info
cat <<end
${credential({ token: `token-${token}` })}
end`,
  )
  const login = await KubeconfigLogin.open({ file })
  t.strictSame(await login.headers(), { Authorization: 'Bearer token-1' })
  t.strictSame(await login.headers(), { Authorization: 'Bearer token-1' }, 'it is asked once')
  login.refused()
  t.strictSame(await login.headers(), { Authorization: 'Bearer token-2' }, 'and again when that was refused')
  await plugin(folder, 'echo "log in first" >&2; exit 1')
  login.refused()
  await t.rejects(login.headers(), {
    name: 'LoginError',
    message: `context "jane@lab" gives no login, by the credential plugin ${join(folder, 'plugin')}: log in first`,
  })
  t.match(JSON.parse(await readFile(join(folder, 'info'), 'utf8')), {
    apiVersion: exec.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false },
  })
})

t.test('a plugin that gives a certificate', async (t) => {
  const { folder, file } = kubeconfig(t, {
    user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: './plugin' } },
  })
  await plugin(folder, `echo '${credential({ clientCertificateData: 'CERT', clientKeyData: 'KEY' })}'`)
  t.strictSame((await KubeconfigLogin.open({ file })).tls, { cert: 'CERT', key: 'KEY' })
})

t.test('contexts', async (t) => {
  const context = (name: string, fields: object = {}) => ({
    name,
    context: { cluster: 'a', user: 'a', ...fields },
  })
  const folder = t.testdir({
    config: JSON.stringify({
      clusters: [{ name: 'a', cluster: { server: 'https://a:6443' } }],
      users: [{ name: 'a', user: {} }],
      contexts: [
        context('one', { namespace: 'first' }),
        context('two', { namespace: 'second' }),
        context('lost', { cluster: 'b' }),
        context('nobody', { user: 'b' }),
        ...Array.from({ length: 9 }, (_, i) => context(`more-${i}`)),
      ],
    }),
  })
  const file = join(folder, 'config')
  t.equal((await KubeconfigLogin.open({ file, context: 'two' })).namespace, 'second')
  const cases: [context: string | undefined, message: string | RegExp][] = [
    [undefined, /config: no current-context is set; choose one with --context: "one", "two", .*"more-5", …$/],
    ['three', /config: there is no context "three"; choose one with --context: "one", "two"/],
    ['lost', `${file}: context "lost" is for cluster "b", which is missing`],
    ['nobody', `${file}: context "nobody" is for user "b", who is missing`],
  ]
  for (const [context, message] of cases)
    await t.rejects(
      KubeconfigLogin.open({ file, ...(context !== undefined && { context }) }),
      { name: 'LoginError', message },
      String(context),
    )
})

t.test('what makes no sense is said', async (t) => {
  const cases: [what: string, fields: Record<string, object>, message: RegExp][] = [
    [
      'plain HTTP',
      { cluster: { server: 'http://localhost:8080' } },
      /cluster "lab" has the server "http:\/\/localhost:8080"; tallyman speaks with https:\/\/ only$/,
    ],
    ['no URL', { cluster: { server: 'lab' } }, /has the server "lab"/],
    ['no server', { cluster: { server: '' } }, /config: clusters\[0\]\.cluster\.server is missing$/],
    [
      'a CA that is not there',
      { cluster: { 'certificate-authority': 'none' } },
      /ENOENT: no such file or directory/,
    ],
    [
      'a plugin that is not there',
      { user: { exec: { command: 'tallyman-test-no-such-plugin', installHint: 'Install\nit first' } } },
      /plugin tallyman-test-no-such-plugin: spawn tallyman-test-no-such-plugin ENOENT\. Install it first$/,
    ],
    [
      'a plugin that prints no JSON',
      { user: { exec: { command: '/bin/echo' } } },
      /gives no login, by the credential plugin \/bin\/echo: Unexpected end of JSON input$/,
    ],
    [
      'a plugin that fails silently',
      { user: { exec: { command: '/bin/false' } } },
      /plugin \/bin\/false: it failed and did not say why$/,
    ],
  ]
  for (const [what, fields, message] of cases)
    await t.test(what, async (t) =>
      t.rejects(KubeconfigLogin.open({ file: kubeconfig(t, fields).file }), { name: 'LoginError', message }),
    )
})

/** A proxy as kubeconfigs name it: it is asked to CONNECT. */
async function proxy(t: Test) {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer()
  server.on('connect', (request, socket) => {
    const [host = '', port] = (request.url ?? '').split(':')
    asked.push(request.url ?? '')
    const beyond = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      socket.pipe(beyond).pipe(socket)
    })
    for (const one of [beyond, socket as Socket]) sockets.add(one.on('error', () => {}))
  })
  await once(server.listen(0, HOST), 'listening')
  t.teardown(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return { asked, url: `http://${HOST}:${(server.address() as AddressInfo).port}` }
}

t.test('through a proxy', async (t) => {
  const server = await ScriptedApiServer.start(t)
  const { url, asked } = await proxy(t)
  const { file } = kubeconfig(t, {
    cluster: { server: server.url, 'certificate-authority-data': base64(certificates.ca), 'proxy-url': url },
    user: { token: 'abc' },
  })
  const client = new ApiClient(await KubeconfigLogin.open({ file }), { version: '1.2.3' })
  t.teardown(() => client.close())
  server.script('GET', (response) => answer(response, 200, { kind: 'Namespace' }))
  t.strictSame(await client.get('/api/v1/namespaces/team-a'), { kind: 'Namespace' })
  t.strictSame(asked, [`${HOST}:${server.port}`])
  t.match(server.asked, [{ headers: { authorization: 'Bearer abc' } }])
})
