import t from 'tap'
import { workload } from '../fixtures/workloads.ts'
import { found, told } from './found.ts'

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
    [{ ...main, name: '', malformed: 'a string where a list belongs', field: 'spec.containers' }],
  ],
  [
    'containers an object',
    (spec) => set(spec, 'containers', { image: 'nginx' }),
    [{ ...main, name: '', malformed: 'an object where a list belongs', field: 'spec.containers' }],
  ],
  [
    'a container that is null',
    (spec) => set(spec, 'containers', [null]),
    [{ ...main, name: '', malformed: 'null where a container belongs', field: 'spec.containers[0]' }],
  ],
  [
    'a container that is a string',
    (spec) => set(spec, 'containers', ['nginx']),
    [{ ...main, name: '', malformed: 'a string where a container belongs', field: 'spec.containers[0]' }],
  ],
  [
    'a container that is a list',
    (spec) => set(spec, 'containers', [[{ image: 'nginx' }]]),
    [{ ...main, name: '', malformed: 'a list where a container belongs', field: 'spec.containers[0]' }],
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
    [
      {
        ...main,
        malformed: 'a number where a text belongs',
        unquoted: true,
        field: 'spec.containers[0].image',
      },
    ],
  ],
  [
    'image a boolean',
    (spec) => set(spec, 'containers', [{ name: 'main', image: false }]),
    [
      {
        ...main,
        malformed: 'a boolean where a text belongs',
        unquoted: true,
        field: 'spec.containers[0].image',
      },
    ],
  ],
  [
    'no image, pull policy a number',
    (spec) => set(spec, 'containers', [{ name: 'main', imagePullPolicy: 1 }]),
    [{ ...main, malformed: 'a number where a text belongs', field: 'spec.containers[0].imagePullPolicy' }],
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
    [
      {
        ...main,
        image: 'nginx',
        malformed: 'a list where a text belongs',
        field: 'spec.containers[0].imagePullPolicy',
      },
    ],
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
