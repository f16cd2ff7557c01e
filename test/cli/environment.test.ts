import t from 'tap'
import {
  kubeconfigVariable,
  option,
  podsApiServer,
  tidyEnvironment,
  variableOf,
} from '../../src/cli/environment.ts'

t.test('an option names its variable', async (t) => {
  t.equal(variableOf('--tls-min-version'), 'TALLYMAN_TLS_MIN_VERSION')
  t.equal(option('-p, --probe-port <port>', '').envVar, 'TALLYMAN_PROBE_PORT')
})

t.test('what nobody meant as a setting is forgotten', async (t) => {
  const environment = {
    TALLYMAN_POLICY: '',
    TALLYMAN_PORT: 'tcp://10.96.0.7:443',
    TALLYMAN_PORT_443_TCP: 'tcp://10.96.0.7:443',
    TALLYMAN_PROBE_PORT: '8081',
    TALLYMAN_MODE: 'warn',
    OTHER: '',
  }
  tidyEnvironment(environment)
  t.strictSame(environment, { TALLYMAN_PROBE_PORT: '8081', TALLYMAN_MODE: 'warn', OTHER: '' })
})

t.test("where kubectl's kubeconfigs are", async (t) => {
  t.equal(kubeconfigVariable({ KUBECONFIG: 'a:b' }), 'a:b')
  t.equal(kubeconfigVariable({}), '')
})

t.test('where the API server is, in a Pod', async (t) => {
  const pod = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' }
  t.strictSame(podsApiServer(pod), { host: '10.96.0.1', port: '443' })
  t.equal(podsApiServer({}), undefined)
  t.equal(podsApiServer({ ...pod, KUBERNETES_SERVICE_PORT: '' }), undefined)
})
