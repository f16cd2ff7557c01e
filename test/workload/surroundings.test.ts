import t from 'tap'
import { found } from './found.ts'

t.test('the shorter deadline counts', async (t) => {
  const job = (job: unknown, pod: unknown) => ({
    spec: {
      activeDeadlineSeconds: job,
      template: { spec: { activeDeadlineSeconds: pod, containers: [{ image: 'nginx' }] } },
    },
  })
  const seconds = (object: unknown) => found('batch', 'Job', object).map((it) => it.deadlineSeconds)
  t.same(seconds(job(60, 30)), [30])
  t.same(seconds(job(60, 90)), [60])
  t.same(seconds(job(60, undefined)), [60])
  t.same(seconds(job(-1, 0)), [undefined])
  t.same(seconds(job(Number.NaN, '5')), [undefined])
})

t.test('each container has the deadline of its own Job', async (t) => {
  const replicated = (seconds: number) => ({
    template: {
      spec: { activeDeadlineSeconds: seconds, template: { spec: { containers: [{ image: 'nginx' }] } } },
    },
  })
  t.same(
    found('jobset.x-k8s.io', 'JobSet', { spec: { replicatedJobs: [replicated(10), replicated(20)] } }).map(
      (it) => it.deadlineSeconds,
    ),
    [10, 20],
  )
})

t.test('a group without a usable name has none', async (t) => {
  for (const name of [undefined, null, 7, '']) {
    const spec = { tasks: [{ name, template: { spec: { containers: [{ image: 'nginx' }] } } }] }
    t.equal(found('batch.volcano.sh', 'Job', { spec })[0]?.group, undefined)
  }
})
