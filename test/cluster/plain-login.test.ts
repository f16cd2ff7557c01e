import t from 'tap'
import type { Kubeconfig } from '../../src/cluster/kubeconfig-files.ts'
import { plainLogin } from '../../src/cluster/plain-login.ts'

// What it gives is tested with KubeconfigLogin, which gives the same whoever reads it.
function kubeconfig(user: object, cluster: object = {}, context: object = {}): Kubeconfig {
  return {
    from: 'config',
    currentContext: 'jane@lab',
    clusters: [{ name: 'lab', cluster: { server: 'https://lab.example:6443', ...cluster } }],
    users: [{ name: 'jane', user }],
    contexts: [{ name: 'jane@lab', context: { cluster: 'lab', user: 'jane', ...context } }],
  }
}

const cases: [what: string, config: Kubeconfig, plain: boolean][] = [
  ['a token', kubeconfig({ token: 'a' }), true],
  ['certificates', kubeconfig({ 'client-certificate-data': 'YQ==', 'client-key-data': 'YQ==' }), true],
  ['nothing', kubeconfig({}), true],
  ['what a tool remembers in it', kubeconfig({ token: 'a' }, { extensions: [] }), true],
  ['a credential plugin', kubeconfig({ exec: { command: 'login' } }), false],
  ['an identity provider', kubeconfig({ 'auth-provider': { name: 'oidc' } }), false],
  ['a file with a token', kubeconfig({ tokenFile: 'token' }), false],
  ['somebody to impersonate', kubeconfig({ token: 'a', as: 'sam' }), false],
  ['a password', kubeconfig({ username: 'jane', password: 'a' }), false],
  ['a proxy', kubeconfig({ token: 'a' }, { 'proxy-url': 'http://proxy.example' }), false],
  ['a field that nobody knows yet', kubeconfig({ token: 'a' }, { 'disable-compression': true }), false],
  ['plain HTTP', kubeconfig({ token: 'a' }, { server: 'http://lab.example' }), false],
  ['a cluster that is missing', kubeconfig({ token: 'a' }, {}, { cluster: 'other' }), false],
  ['a user that is missing', kubeconfig({ token: 'a' }, {}, { user: 'other' }), false],
]
for (const [what, config, plain] of cases) {
  t.test(`${what}: ${plain ? 'plain' : 'for the package'}`, async (t) => {
    t.equal((await plainLogin(config, 'jane@lab')) !== undefined, plain)
  })
}
