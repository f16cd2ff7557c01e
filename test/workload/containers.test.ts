import fc from 'fast-check'
import t from 'tap'
import { type Container, containersOf, MAX_CONTAINERS } from '../../src/workload/containers.ts'
import { kindsTable } from '../../src/workload/kinds.ts'
import { MAX_ITEMS } from '../../src/workload/path.ts'
import { workload, workloads } from '../fixtures/workloads.ts'

const table = kindsTable()

function found(group: string, kind: string, object: unknown): Container[] {
  const row = table.find(group, kind)
  if (row === undefined) throw new Error(`no ${kind} in group "${group}"`)
  return containersOf(row, object)
}

/** The fields of a result that say something; the name of the pull policy field has a test of its own. */
function told(container: Container | undefined): Partial<Container> {
  const { pullPolicyField: _, ...rest } = container ?? {}
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
}

const main = { list: 'containers', name: 'main', place: 'spec containers' }

/** Each case is a Pod with one container, in which one thing is changed. */
const pods: [why: string, change: (spec: Record<string, unknown>) => void, expected: object[]][] = [
  [
    'as it is',
    () => {},
    [
      {
        ...main,
        image: 'registry.example.com/team/app:1.2.3',
        pullPolicy: 'IfNotPresent',
        field: 'spec.containers[0].image',
      },
    ],
  ],
  ['containers absent', (spec) => delete spec.containers, []],
  ['containers null', (spec) => set(spec, 'containers', null), []],
  ['containers empty', (spec) => set(spec, 'containers', []), []],
  [
    'containers a string',
    (spec) => set(spec, 'containers', 'abc'),
    [{ ...main, name: '', malformed: 'a string', field: 'spec.containers' }],
  ],
  [
    'containers an object',
    (spec) => set(spec, 'containers', { image: 'nginx' }),
    [{ ...main, name: '', malformed: 'an object', field: 'spec.containers' }],
  ],
  [
    'a container that is null',
    (spec) => set(spec, 'containers', [null]),
    [{ ...main, name: '', malformed: 'null', field: 'spec.containers[0]' }],
  ],
  [
    'a container that is a string',
    (spec) => set(spec, 'containers', ['nginx']),
    [{ ...main, name: '', malformed: 'a string', field: 'spec.containers[0]' }],
  ],
  [
    'a container that is a list',
    (spec) => set(spec, 'containers', [[{ image: 'nginx' }]]),
    [{ ...main, name: '', malformed: 'a list', field: 'spec.containers[0]' }],
  ],
  [
    'image absent',
    (spec) => set(spec, 'containers', [{ name: 'main' }]),
    [{ ...main, field: 'spec.containers[0].image' }],
  ],
  [
    'image empty',
    (spec) => set(spec, 'containers', [{ name: 'main', image: '' }]),
    [{ ...main, field: 'spec.containers[0].image' }],
  ],
  [
    'image null',
    (spec) => set(spec, 'containers', [{ name: 'main', image: null }]),
    [{ ...main, field: 'spec.containers[0].image' }],
  ],
  [
    'image a number',
    (spec) => set(spec, 'containers', [{ name: 'main', image: 1.25 }]),
    [{ ...main, malformed: 'a number', field: 'spec.containers[0].image' }],
  ],
  [
    'image a boolean',
    (spec) => set(spec, 'containers', [{ name: 'main', image: false }]),
    [{ ...main, malformed: 'a boolean', field: 'spec.containers[0].image' }],
  ],
  [
    'name a number',
    (spec) => set(spec, 'containers', [{ name: 7, image: 'nginx' }]),
    [{ ...main, name: '', image: 'nginx', field: 'spec.containers[0].image' }],
  ],
  [
    'pull policy empty',
    (spec) => set(spec, 'containers', [{ name: 'main', image: 'nginx', imagePullPolicy: '' }]),
    [{ ...main, image: 'nginx', field: 'spec.containers[0].image' }],
  ],
  [
    'pull policy of no known word',
    (spec) => set(spec, 'containers', [{ name: 'main', image: 'nginx', imagePullPolicy: 'always' }]),
    [{ ...main, image: 'nginx', pullPolicy: 'always', field: 'spec.containers[0].image' }],
  ],
  [
    'pull policy a list',
    (spec) => set(spec, 'containers', [{ name: 'main', image: 'nginx', imagePullPolicy: ['Always'] }]),
    [{ ...main, image: 'nginx', malformed: 'a list', field: 'spec.containers[0].imagePullPolicy' }],
  ],
  [
    'keys named __proto__ and constructor',
    (spec) =>
      set(
        spec,
        'containers',
        JSON.parse('[{"__proto__": {"image": "nginx"}, "constructor": 1, "name": "main"}]'),
      ),
    [{ ...main, field: 'spec.containers[0].image' }],
  ],
  [
    'activeDeadlineSeconds',
    (spec) => {
      set(spec, 'activeDeadlineSeconds', 60)
      set(spec, 'containers', [{ name: 'main', image: 'nginx' }])
    },
    [{ ...main, image: 'nginx', deadlineSeconds: 60, field: 'spec.containers[0].image' }],
  ],
  [
    'activeDeadlineSeconds as text',
    (spec) => {
      set(spec, 'activeDeadlineSeconds', '60')
      set(spec, 'containers', [{ name: 'main', image: 'nginx' }])
    },
    [{ ...main, image: 'nginx', field: 'spec.containers[0].image' }],
  ],
]
for (const [why, change, expected] of pods) {
  t.test(`a Pod: ${why}`, async (t) => {
    const pod = workload('', 'Pod')
    const spec = pod.spec as Record<string, unknown>
    for (const list of ['initContainers', 'ephemeralContainers', 'volumes']) delete spec[list]
    change(spec)
    t.same(found('', 'Pod', pod).map(told), expected)
  })
}

function set(spec: Record<string, unknown>, field: string, value: unknown) {
  spec[field] = value
}

const volume = { list: 'volumes', name: 'data', place: 'spec volumes' }
const volumes: [why: string, volume: unknown, expected: object[]][] = [
  ['of another type', { name: 'data', emptyDir: {} }, []],
  ['whose image is null', { name: 'data', image: null }, []],
  [
    'without a reference',
    { name: 'data', image: {} },
    [{ ...volume, field: 'spec.volumes[0].image.reference' }],
  ],
  [
    'with a reference and a pull policy',
    { name: 'data', image: { reference: 'models/base:1', pullPolicy: 'Always' } },
    [{ ...volume, image: 'models/base:1', pullPolicy: 'Always', field: 'spec.volumes[0].image.reference' }],
  ],
  [
    'whose image is a string',
    { name: 'data', image: 'models/base:1' },
    [{ ...volume, malformed: 'a string', field: 'spec.volumes[0].image' }],
  ],
  [
    'whose reference is a number',
    { name: 'data', image: { reference: 1 } },
    [{ ...volume, malformed: 'a number', field: 'spec.volumes[0].image.reference' }],
  ],
  ['that is a number', 7, [{ ...volume, name: '', malformed: 'a number', field: 'spec.volumes[0]' }]],
]
for (const [why, item, expected] of volumes) {
  t.test(`a volume ${why}`, async (t) => {
    t.same(found('', 'Pod', { spec: { volumes: [item] } }).map(told), expected)
  })
}

const nonsense: [why: string, group: string, kind: string, object: unknown, expected: object[]][] = [
  ['no object (a DELETE)', '', 'Pod', null, []],
  ['an object that is a string', '', 'Pod', 'abc', [{ malformed: 'a string', field: '' }]],
  ['a spec that is a string', '', 'Pod', { spec: 'abc' }, [{ malformed: 'a string', field: 'spec' }]],
  [
    'a template that is a list',
    'apps',
    'Deployment',
    { spec: { template: [] } },
    [{ malformed: 'a list', field: 'spec.template' }],
  ],
  ['no template', 'apps', 'Deployment', { spec: {} }, []],
  [
    'many paths over one mistake',
    'argoproj.io',
    'Workflow',
    { spec: 'abc' },
    [{ malformed: 'a string', field: 'spec' }],
  ],
  [
    'a step that is null',
    'tekton.dev',
    'Task',
    { spec: { steps: [null] } },
    [{ malformed: 'null', field: 'spec.steps[0]' }],
  ],
  [
    'a bare image that is a number',
    'sparkoperator.k8s.io',
    'SparkApplication',
    { spec: { image: 4 } },
    [{ malformed: 'a number', field: 'spec.image' }],
  ],
  [
    'the pull policy of a bare image that is a number',
    'sparkoperator.k8s.io',
    'SparkApplication',
    { spec: { image: 'spark:4.0.0', imagePullPolicy: 4 } },
    [{ malformed: 'a number', field: 'spec.imagePullPolicy' }],
  ],
  [
    'a map that is a list',
    'kubeflow.org',
    'TFJob',
    { spec: { tfReplicaSpecs: [] } },
    [{ malformed: 'a list', field: 'spec.tfReplicaSpecs' }],
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

t.test('a group without a usable name has none', async (t) => {
  for (const name of [undefined, null, 7, '']) {
    const spec = { tasks: [{ name, template: { spec: { containers: [{ image: 'nginx' }] } } }] }
    t.equal(found('batch.volcano.sh', 'Job', { spec })[0]?.group, undefined)
  }
})

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
    ['a list'],
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
