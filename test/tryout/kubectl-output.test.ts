import t from 'tap'
import { kubectlOutput, type Review } from './kubectl-output.ts'

const request: Review['request'] = {
  kind: { group: 'apps', kind: 'Deployment' },
  resource: { group: 'apps', resource: 'deployments' },
  namespace: 'team-web',
  name: 'web',
  operation: 'CREATE',
  userInfo: { username: 'kubernetes-admin' },
  object: {},
}

t.test('what passes is done, after its warnings', async (t) => {
  t.strictSame(
    kubectlOutput({ request }, { response: { allowed: true, warnings: ['a moves. [floatingTag]'] } }),
    {
      title: 'kubectl create -n team-web --dry-run=server -f deployment.yaml',
      lines: ['Warning: a moves. [floatingTag]', 'deployment.apps/web created (server dry run)'],
    },
  )
})

t.test('what is denied is an error that names the webhook', async (t) => {
  const { lines } = kubectlOutput(
    { request: { ...request, operation: 'UPDATE' } },
    { response: { allowed: false, status: { reason: 'Forbidden', message: 'first\nsecond' } } },
  )
  t.strictSame(lines, [
    'Error from server (Forbidden): error when applying patch to "deployment.yaml": admission webhook "image-tags.tallyman.dev" denied the request: first\nsecond',
  ])
})

t.test('a debugging container, and who asked', async (t) => {
  const pod = { kind: { group: '', kind: 'Pod' }, resource: { group: '', resource: 'pods' } }
  const debug = kubectlOutput(
    { request: { ...request, ...pod, subResource: 'ephemeralcontainers', operation: 'UPDATE' } },
    { response: { allowed: true } },
  )
  t.strictSame(debug, {
    title: 'kubectl debug web -n team-web',
    lines: ['pod/web configured (server dry run)'],
  })
  const owned = kubectlOutput(
    {
      request: {
        ...request,
        userInfo: { username: 'system:serviceaccount:kube-system:replicaset-controller' },
      },
    },
    { response: { allowed: true } },
  )
  t.match(owned.title, '(asked by system:serviceaccount:kube-system:replicaset-controller)')
})
