import fc from 'fast-check'
import t from 'tap'
import { containersOf, MAX_CONTAINERS } from '../../src/workload/containers.ts'
import { kindsTable } from '../../src/workload/kinds.ts'
import { MAX_ITEMS } from '../../src/workload/path.ts'
import { workloads } from '../fixtures/workloads.ts'
import { found } from './found.ts'

const table = kindsTable()

const nonsense: [why: string, group: string, kind: string, object: unknown, expected: object[]][] = [
  ['no object (a DELETE)', '', 'Pod', null, []],
  [
    'an object that is a string',
    '',
    'Pod',
    'abc',
    [{ malformed: 'a string where fields belong', field: '' }],
  ],
  [
    'a spec that is a string',
    '',
    'Pod',
    { spec: 'abc' },
    [{ malformed: 'a string where fields belong', field: 'spec' }],
  ],
  [
    'a template that is a list',
    'apps',
    'Deployment',
    { spec: { template: [] } },
    [{ malformed: 'a list where fields belong', field: 'spec.template' }],
  ],
  ['no template', 'apps', 'Deployment', { spec: {} }, []],
  [
    'many paths over one mistake',
    'argoproj.io',
    'Workflow',
    { spec: 'abc' },
    [{ malformed: 'a string where fields belong', field: 'spec' }],
  ],
  [
    'a step that is null',
    'tekton.dev',
    'Task',
    { spec: { steps: [null] } },
    [{ malformed: 'null where fields belong', field: 'spec.steps[0]' }],
  ],
  [
    'a bare image that is a number',
    'sparkoperator.k8s.io',
    'SparkApplication',
    { spec: { image: 4 } },
    [{ malformed: 'a number where a text belongs', field: 'spec.image' }],
  ],
  [
    'the pull policy of a bare image that is a number',
    'sparkoperator.k8s.io',
    'SparkApplication',
    { spec: { image: 'spark:4.0.0', imagePullPolicy: 4 } },
    [{ malformed: 'a number where a text belongs', field: 'spec.imagePullPolicy' }],
  ],
  [
    'a map that is a list',
    'kubeflow.org',
    'TFJob',
    { spec: { tfReplicaSpecs: [] } },
    [{ malformed: 'a list where fields belong', field: 'spec.tfReplicaSpecs' }],
  ],
]
for (const [why, group, kind, object, expected] of nonsense) {
  t.test(`${kind}: ${why}`, async (t) => {
    t.same(
      found(group, kind, object).map(({ malformed, field }) => ({ malformed, field })),
      expected,
    )
  })
}

t.test(
  'a place is equal for containers of one list, whatever their index, and differs between lists',
  async (t) => {
    const places = found('batch.volcano.sh', 'Job', {
      spec: {
        tasks: [
          {
            template: {
              spec: { containers: [{ image: 'a' }, { image: 'b' }], initContainers: [{ image: 'c' }] },
            },
          },
          { template: { spec: { containers: [{ image: 'd' }] } } },
        ],
      },
    }).map((it) => it.place)
    t.same(places, [
      'spec.tasks[*].template.spec containers',
      'spec.tasks[*].template.spec containers',
      'spec.tasks[*].template.spec initContainers',
      'spec.tasks[*].template.spec containers',
    ])
  },
)

t.test('placeholders are left out in the kinds that fill them in, and nowhere else', async (t) => {
  const steps = [{ image: '$(params.image)' }, { image: 'nginx:{{x}}' }, { image: 'nginx' }]
  t.same(
    found('tekton.dev', 'Task', { spec: { steps } }).map((it) => it.image),
    ['nginx:{{x}}', 'nginx'],
  )
  const templates = steps.map((container) => ({ container }))
  t.same(
    found('argoproj.io', 'Workflow', { spec: { templates } }).map((it) => it.image),
    ['$(params.image)', 'nginx'],
  )
  t.equal(found('', 'Pod', { spec: { containers: steps } }).length, 3)
})

t.test('10,000 containers are all read', async (t) => {
  const containers = Array.from({ length: 10_000 }, (_, i) => ({ name: `c${i}`, image: `nginx:${i}` }))
  t.equal(found('', 'Pod', { spec: { containers } }).length, 10_000)
})

t.test('more than a stored object can hold is a finding, and ends the reading', async (t) => {
  for (const [kind, group, object] of [
    ['Pod', '', { spec: { containers: Array(200_000).fill(0) } }],
    ['Job', 'batch.volcano.sh', { spec: { tasks: Array(200_000).fill(0) } }],
    ['Task', 'tekton.dev', { spec: { steps: Array(200_000).fill(0) } }],
  ] as const) {
    const all = found(group, kind, object)
    t.equal(all.length, MAX_CONTAINERS + 1)
    t.equal(all.at(-1)?.malformed, 'more than 65536 containers')
  }
})

t.test('more items on the way than a stored object can hold are a finding too', async (t) => {
  const templates = Array(MAX_ITEMS + 1).fill({})
  t.same(
    found('argoproj.io', 'Workflow', { spec: { templates } }).map((it) => [it.field, it.malformed]),
    [['spec.templates', 'more than 524288 items']],
  )
})

t.test('deep nesting where a container belongs is one finding', async (t) => {
  let nested: unknown = 'nginx'
  for (let depth = 0; depth < 10_000; depth++) nested = [nested]
  t.same(
    found('', 'Pod', { spec: { containers: nested } }).map((it) => it.malformed),
    ['a list where a container belongs'],
  )
})

/** JSON in which the field names of workloads turn up often, so that the paths lead somewhere. */
const NAMES = [
  ...new Set(
    table.all.flatMap((kind) =>
      [...kind.podSpecs.map((it) => it.path), ...kind.images.map((it) => it.image)].flatMap((path) =>
        path.steps.flatMap((step) => ('field' in step ? [step.field] : [])),
      ),
    ),
  ),
  ...['containers', 'initContainers', 'volumes', 'image', 'reference', 'name', 'imagePullPolicy'],
  ...['__proto__', 'constructor', 'activeDeadlineSeconds', 'a\nb'],
]
const { value: json } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 8, depthIdentifier: 'json' },
    fc.constantFrom(null, 0, -1, true, '', 'nginx', '$(params.x)', '{{x}}'),
    fc.array(tie('value'), { maxLength: 3, depthIdentifier: 'json' }),
    fc
      .array(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 6, depthIdentifier: 'json' })
      .map((entries) =>
        JSON.parse(`{${entries.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join()}}`),
      ),
  ),
}))

t.test('containersOf never throws, for any JSON under any kind', async () => {
  fc.assert(
    fc.property(fc.oneof(json, fc.jsonValue()), (object) => {
      for (const kind of table.all) containersOf(kind, object)
    }),
  )
})

t.test(
  'a part of an object replaced by any JSON never makes it throw, and what it finds is of the right types',
  async () => {
    const fixtures = workloads()
    fc.assert(
      fc.property(fc.constantFrom(...fixtures), fc.nat(), json, ({ group, kind, object }, at, value) => {
        const copy = structuredClone(object)
        replace(copy, at, value)
        for (const it of found(group, kind, copy)) {
          if (it.image !== undefined && typeof it.image !== 'string') return false
          if (it.pullPolicy !== undefined && typeof it.pullPolicy !== 'string') return false
          if (it.group !== undefined && typeof it.group !== 'string') return false
          if (typeof it.name !== 'string' || /\n/.test(it.field)) return false
        }
        return true
      }),
    )
  },
)

/** Replaces the nth value of an object, counted over the whole tree. */
function replace(object: object, nth: number, value: unknown) {
  const slots: [parent: Record<string, unknown>, key: string][] = []
  const queue: unknown[] = [object]
  for (const next of queue) {
    if (typeof next !== 'object' || next === null) continue
    for (const key of Object.keys(next)) {
      slots.push([next as Record<string, unknown>, key])
      queue.push((next as Record<string, unknown>)[key])
    }
  }
  const [parent, key] = slots[nth % slots.length] ?? []
  if (parent !== undefined && key !== undefined) parent[key] = value
}
