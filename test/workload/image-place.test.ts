import t from 'tap'
import { found } from './found.ts'

t.test('the pull policy field is called what the kind calls it', async (t) => {
  const fields = (group: string, kind: string, object: unknown) =>
    found(group, kind, object).map((it) => it.pullPolicyField)
  t.same(fields('', 'Pod', { spec: { containers: [{ image: 'nginx' }] } }), ['imagePullPolicy'])
  t.same(fields('', 'Pod', { spec: { volumes: [{ image: { reference: 'nginx' } }] } }), ['pullPolicy'])
  t.same(fields('tekton.dev', 'Task', { spec: { steps: [{ image: 'nginx' }] } }), ['imagePullPolicy'])
  t.same(fields('tekton.dev', 'StepAction', { spec: { image: 'nginx' } }), [undefined])
  const spark = { image: 'spark', driver: { image: 'spark', sidecars: [{ image: 'proxy' }] } }
  t.same(fields('sparkoperator.k8s.io', 'SparkApplication', { spec: spark }), [
    'imagePullPolicy',
    'spec.imagePullPolicy',
    'imagePullPolicy',
  ])
})

t.test('the name beside the image is the name of what uses it', async (t) => {
  const names = (image: unknown) =>
    found('tekton.dev', 'Task', { spec: { steps: [{ name: 'build', image }] } }).map((it) => it.name)
  t.same(names('nginx'), ['build'])
  t.same(names(undefined), [], 'a step without an image is none that could be judged')
})
