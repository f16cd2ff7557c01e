import t from 'tap'
import {
  BUILT_IN_CONTROLLERS,
  isBuiltInMaker,
  isBuiltInOwner,
} from '../../src/workload/built-in-controllers.ts'

// Whom they act as is tested with the real kube-controller-manager: test/e2e/controllers.ts.
const object = (text: string) => {
  const [group = '', kind = ''] = text.split('/')
  return { group, kind }
}

t.test('each makes what it makes', async (t) => {
  for (const [account, owner, made] of BUILT_IN_CONTROLLERS) {
    t.ok(isBuiltInOwner(object(owner), object(made)), account)
    t.ok(isBuiltInMaker(object(owner)), account)
  }
  t.notOk(isBuiltInMaker(object('/Pod')))
  t.notOk(isBuiltInMaker(object('example.com/ReplicaSet')))
})

const others: [owner: string, made: string][] = [
  ['apps/Deployment', '/Pod'],
  ['example.com/ReplicaSet', '/Pod'],
  ['batch/CronJob', '/Pod'],
  ['ray.io/RayCluster', '/Pod'],
]
for (const [owner, made] of others) {
  t.test(`no built-in controller makes ${made} for ${owner}`, async (t) =>
    t.notOk(isBuiltInOwner(object(owner), object(made))),
  )
}
