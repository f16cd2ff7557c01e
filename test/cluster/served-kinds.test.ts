import t, { type Test } from 'tap'
import { ApiClient } from '../../src/cluster/api-client.ts'
import { ServedKinds } from '../../src/cluster/served-kinds.ts'
import { kindOf } from '../preview/cluster.ts'
import { answer, ScriptedApiServer } from './scripted-api-server.ts'

async function serving(t: Test, ...lists: string[]) {
  const server = await ScriptedApiServer.start(t, ...lists)
  const api = new ApiClient(server.login(), { version: '1.2.3' })
  t.teardown(() => api.close())
  return { server, served: new ServedKinds(api) }
}

const MPI = '/apis/kubeflow.org/v2beta1/mpijobs'
const NOTEBOOKS = '/apis/kubeflow.org/v1/notebooks'

const cases: [kind: string, lists: string[], version: string | undefined, why: string][] = [
  ['Pod', [], 'v1', "Kubernetes' own are always there"],
  ['MPIJob.kubeflow.org', [MPI], 'v2beta1', 'the only version'],
  ['MPIJob.kubeflow.org', [NOTEBOOKS, MPI], 'v2beta1', 'not in the version that the group prefers'],
  ['Notebook.kubeflow.org', ['/apis/kubeflow.org/v1beta1/notebooks', NOTEBOOKS], 'v1beta1', 'in both'],
  ['MPIJob.kubeflow.org', [NOTEBOOKS], undefined, 'the group is there, and the kind is not'],
  ['RayJob.ray.io', [NOTEBOOKS], undefined, 'the group is not there'],
]
for (const [kind, lists, version, why] of cases) {
  t.test(`${kind}: ${why}`, async (t) => {
    const { served } = await serving(t, ...lists)
    t.equal(await served.versionOf(kindOf(kind)), version)
  })
}

t.test('everything is asked once', async (t) => {
  const { server, served } = await serving(t, NOTEBOOKS, MPI)
  for (const kind of ['MPIJob.kubeflow.org', 'Notebook.kubeflow.org', 'TFJob.kubeflow.org', 'RayJob.ray.io'])
    await served.versionOf(kindOf(kind))
  t.strictSame(server.asked.map(({ path }) => path).sort(), [
    '/apis',
    '/apis/kubeflow.org/v1',
    '/apis/kubeflow.org/v2beta1',
  ])
})

const odd: unknown[] = [null, { groups: 'none' }, []]
for (const body of odd) {
  t.test(`${JSON.stringify(body)} is no answer`, async (t) => {
    const { server, served } = await serving(t)
    server.script('GET', (response) => answer(response, 200, body))
    await t.rejects(served.versionOf(kindOf('RayJob.ray.io')), {
      name: 'ApiError',
      message: '/apis: the answer has no groups',
    })
  })
}

t.test('what makes no sense in an answer is passed over', async (t) => {
  const { server, served } = await serving(t)
  const groups = [
    null,
    1,
    { name: 7 },
    { name: 'ray.io', versions: [null, { version: 1 }], preferredVersion: 1 },
  ]
  server.script('GET', (response) => answer(response, 200, { groups }))
  t.equal(await served.versionOf(kindOf('RayJob.ray.io')), undefined)
})
