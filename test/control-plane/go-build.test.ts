import t from 'tap'
import { goBuilds } from './go-build.ts'

const release = {
  minor: '1.36',
  kubernetes: { folder: '/modules/kubernetes', version: 'v1.36.3' },
  etcd: { folder: '/modules/etcd', version: 'v3.6.8' },
}

t.test('each module is built in its own folder, into one', async (t) => {
  const builds = goBuilds(release, '/out')
  t.same(
    builds.map(({ what, folder, args }) => [what, folder, args.slice(args.indexOf('-o'))]),
    [
      ['etcd v3.6.8', '/modules/etcd', ['-o', '/out/etcd', 'go.etcd.io/etcd/server/v3']],
      ['Kubernetes v1.36.3', '/modules/kubernetes', ['-o', '/out/', 'tool']],
    ],
  )
  for (const { args } of builds) t.ok(args.includes('-mod=readonly'), 'go.sum decides what is downloaded')
})

t.test('the programs are told their version', async (t) => {
  const [, kubernetes] = goBuilds(release, '/out')
  const flags = kubernetes?.args[kubernetes.args.indexOf('-ldflags') + 1]?.split(' ')
  for (const path of ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version']) {
    t.ok(flags?.includes(`${path}.gitVersion=v1.36.3`))
    t.ok(flags?.includes(`${path}.gitMajor=1`))
    t.ok(flags?.includes(`${path}.gitMinor=36`))
  }
})
