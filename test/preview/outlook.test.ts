import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import t from 'tap'
import { judge } from '../../src/judge.ts'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { withMode } from '../../src/policy/with-mode.ts'
import { MAX_BREAKAGES } from '../../src/preview/breakages.ts'
import { Outlook, outlookOrder } from '../../src/preview/outlook.ts'
import type { Preview } from '../../src/preview/preview.ts'
import { kindsTable } from '../../src/workload/kinds.ts'
import { everywhere, kindOf, policyOf } from './cluster.ts'
import { cronJob, DIGEST, type Meta, OTHER_DIGEST, pod, podOfDeployment, templated } from './objects.ts'

const NOW = new Date('2026-11-27T12:00:00Z')
const WARN = builtInPolicy()
const ENFORCE = withMode(WARN, 'enforce')
const MERCILESS = policyOf({ mode: 'enforce', ownedObjects: 'enforce' })

type Objects = readonly [kind: string, object: object][]

function preview(objects: Objects, after = ENFORCE, before?: Policy): Preview {
  const outlook = new Outlook({ before: before && everywhere(before), after: everywhere(after), now: NOW })
  for (const [name, object] of objects) outlook.add(kindOf(name), object)
  return outlook.result()
}

/** `change Deployment/web busybox:1.36 [partialTag]`, a line for each image. */
function lines({ breakages }: Preview): string[] {
  return breakages.flatMap(({ trigger, workload, images }) =>
    images.map(
      ({ image, rules }) => `${trigger} ${workload.kind}/${workload.name} ${image} [${rules.join(', ')}]`,
    ),
  )
}

interface Pod {
  readonly metadata: object
}

const owner = (apiVersion: string, kind: string, name: string): Meta['owner'] => ({ apiVersion, kind, name })
const workflow = (name: string, meta: Meta) => ({ ...(pod(name, '', meta) as Pod), spec: { templates: [] } })

const cases: [what: string, objects: Objects, expected: string[]][] = [
  ['what is in order', [['Pod', pod('a', 'busybox:1.36.1')]], []],
  ['what only warns', [['Pod', pod('a', 'redis:alpine')]], []],
  [
    'a Deployment',
    [['Deployment.apps', templated('web', 'nginx')]],
    ['change Deployment/web nginx [latestTag]'],
  ],
  ['a Job', [['Job.batch', templated('exp', 'nginx')]], ['next Job/exp nginx [latestTag]']],
  ['a Pod of nobody', [['Pod', pod('a', 'nginx:1.25')]], ['next Pod/a nginx:1.25 [partialTag]']],
  ['a CronJob', [['CronJob.batch', cronJob('night', 'nginx')]], ['change CronJob/night nginx [latestTag]']],
  [
    'a Deployment and its Pods, once',
    [
      ['Deployment.apps', templated('web', 'nginx')],
      ['Pod', podOfDeployment('web', 'nginx', undefined, 0)],
      ['Pod', podOfDeployment('web', 'nginx', undefined, 1)],
    ],
    ['change Deployment/web nginx [latestTag]'],
  ],
  [
    'those that break by themselves come first, then runs, then changes',
    [
      ['Deployment.apps', templated('b', 'nginx')],
      ['Job.batch', templated('a', 'nginx')],
    ],
    ['next Job/a nginx [latestTag]', 'change Deployment/b nginx [latestTag]'],
  ],
  [
    'the most frequent reason first',
    [
      ['Job.batch', templated('a', 'nginx')],
      ['Job.batch', templated('b', 'nginx:1.25')],
      ['Job.batch', templated('c', 'nginx:1.26')],
    ],
    [
      'next Job/b nginx:1.25 [partialTag]',
      'next Job/c nginx:1.26 [partialTag]',
      'next Job/a nginx [latestTag]',
    ],
  ],
  [
    'of equally frequent ones each stays together',
    [
      ['Job.batch', templated('a', 'nginx:1.25')],
      ['Job.batch', templated('b', 'nginx')],
      ['Job.batch', templated('c', 'nginx:1.26')],
      ['Job.batch', templated('d', 'nginx')],
    ],
    [
      'next Job/b nginx [latestTag]',
      'next Job/d nginx [latestTag]',
      'next Job/a nginx:1.25 [partialTag]',
      'next Job/c nginx:1.26 [partialTag]',
    ],
  ],
  [
    'a Pod of a Workflow, at its next run',
    [
      [
        'Pod',
        pod('a', 'nginx', { owner: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', name: 'train' } }),
      ],
    ],
    ['next Workflow/train nginx [latestTag]'],
  ],
  [
    'a template with placeholders, at its next run: the Pods are judged in full',
    [
      [
        'WorkflowTemplate.argoproj.io',
        { metadata: { name: 'train' }, spec: { templates: [{ container: { image: 'nginx' } }] } },
      ],
    ],
    ['next WorkflowTemplate/train nginx [latestTag]'],
  ],
  [
    'a Pod of a CronWorkflow, with nobody touching it',
    [
      [
        'Workflow.argoproj.io',
        workflow('night-1', { owner: owner('argoproj.io/v1alpha1', 'CronWorkflow', 'night') }),
      ],
      ['Pod', pod('night-1-x', 'nginx', { owner: owner('argoproj.io/v1alpha1', 'Workflow', 'night-1') })],
    ],
    ['itself CronWorkflow/night nginx [latestTag]'],
  ],
  [
    'a step and the container that it becomes, once',
    [
      [
        'TaskRun.tekton.dev',
        {
          metadata: { name: 'build', namespace: 'team-a' },
          spec: { taskSpec: { steps: [{ name: 'main', image: 'nginx' }] } },
        },
      ],
      [
        'Pod',
        {
          metadata: {
            ...(pod('build-pod', 'nginx', { owner: owner('tekton.dev/v1', 'TaskRun', 'build') }) as Pod)
              .metadata,
          },
          spec: { containers: [{ name: 'step-main', image: 'nginx' }] },
        },
      ],
    ],
    ['next TaskRun/build nginx [latestTag]'],
  ],
]
for (const [what, objects, expected] of cases) {
  t.test(what, async (t) => t.strictSame(lines(preview(objects)), expected))
}

t.test('where nothing is spared, what a controller makes again breaks by itself', async (t) => {
  const objects: Objects = [
    ['Deployment.apps', templated('web', 'nginx')],
    ['Pod', podOfDeployment('web', 'nginx')],
  ]
  t.strictSame(lines(preview(objects, MERCILESS)), ['itself Deployment/web nginx [latestTag]'])
})

const makers: [
  what: string,
  objects: Objects,
  after: object,
  before: object | undefined,
  expected: string[],
][] = [
  [
    'a CronJob that has not run yet',
    [['CronJob.batch', cronJob('night', 'nginx')]],
    { ownedObjects: 'enforce' },
    {},
    ['itself CronJob/night nginx [latestTag]'],
  ],
  [
    'a Deployment of which nothing runs',
    [['Deployment.apps', templated('web', 'nginx')]],
    { ownedObjects: 'enforce' },
    undefined,
    ['itself Deployment/web nginx [latestTag]'],
  ],
  [
    'as it was',
    [['CronJob.batch', cronJob('night', 'nginx')]],
    { ownedObjects: 'enforce' },
    { ownedObjects: 'enforce' },
    [],
  ],
  [
    'where what is made was spared, and another rule denied it when somebody changed it',
    [['Deployment.apps', templated('web', 'nginx')]],
    { ownedObjects: 'enforce' },
    { ownedObjects: 'warn' },
    ['itself Deployment/web nginx [latestTag]'],
  ],
  [
    'a Job, which has made what it makes',
    [['Job.batch', templated('exp', 'nginx')]],
    { ownedObjects: 'enforce' },
    undefined,
    ['next Job/exp nginx [latestTag]'],
  ],
  [
    'an operator that nothing spares',
    [['Notebook.kubeflow.org', templated('a', 'nginx')]],
    { cluster: { controllers: 'builtIn' } },
    {},
    ['itself Notebook/a nginx [latestTag]'],
  ],
]
for (const [what, objects, after, before, expected] of makers) {
  t.test(`what a controller makes: ${what}`, async (t) => {
    const enforcing = (spec: object) => policyOf({ mode: 'enforce', ...spec })
    t.strictSame(lines(preview(objects, enforcing(after), before && enforcing(before))), expected)
  })
}

const exempting = (spec: object, expires: string) =>
  policyOf({ ...spec, exemptions: [{ name: 'vendor', images: ['nginx'], reason: 'r', expires }] })
const LATER = { mode: 'enforce', enforceFrom: '2026-12-20' }

t.test('an exemption that ends before the day from which it is denied', async (t) => {
  const objects: Objects = [['Job.batch', templated('a', 'nginx')]]
  const { breakages, exempt } = preview(objects, exempting(LATER, '2026-12-10'), WARN)
  t.match(breakages, [
    { deniedFrom: '2026-12-20', images: [{ expired: { name: 'vendor', expires: '2026-12-10' } }] },
  ])
  t.strictSame(exempt, [])
  const before = exempting(LATER, '2026-12-10')
  t.strictSame(preview(objects, before, before).breakages, [], 'nothing is new where it was so before')
})

t.test('what is exempt is counted where it would be denied', async (t) => {
  const objects: Objects = [
    ['Deployment.apps', templated('web', 'nginx')],
    ['Job.batch', templated('a', 'nginx')],
    ['Pod', podOfDeployment('web', 'nginx')],
    ['Pod', pod('db-0', 'nginx', { owner: owner('example.com/v1', 'Database', 'db') })],
  ]
  const exempt = (spec: object) => preview(objects, exempting(spec, '2026-12-20')).exempt
  t.strictSame(exempt(LATER), [{ name: 'vendor', expires: '2026-12-20', workloads: 2 }])
  t.strictSame(exempt({ mode: 'warn' }), [])
  t.strictSame(exempt({ mode: 'enforce', ownedObjects: 'enforce' }), [
    { name: 'vendor', expires: '2026-12-20', workloads: 3 },
  ])
})

t.test('a container that somebody put into a running Pod is not made again', async (t) => {
  const containers = [{ name: 'main', image: 'nginx:1.25.3' }]
  const spec = { containers, ephemeralContainers: [{ name: 'debug', image: 'busybox' }] }
  const policy = policyOf({ mode: 'enforce', ephemeralContainers: 'enforce' })
  t.strictSame(lines(preview([['Pod', { metadata: { name: 'a', namespace: 'team-a' }, spec }]], policy)), [])
})

t.test('a change of what is spared breaks what was spared', async (t) => {
  const objects: Objects = [['Pod', podOfDeployment('web', 'nginx')]]
  t.strictSame(lines(preview(objects, MERCILESS, ENFORCE)), ['itself Deployment/web nginx [latestTag]'])
  t.strictSame(lines(preview(objects, MERCILESS, MERCILESS)), [])
})

t.test('what is seen only by what it makes is a workload too', async (t) => {
  const objects: Objects = [
    ['Pod', pod('db-0', 'nginx', { owner: owner('example.com/v1', 'Database', 'db') })],
  ]
  const { breakages, namespaces } = preview(objects, MERCILESS)
  t.match(breakages, [{ workload: { kind: 'Database', name: 'db', resource: '' } }])
  t.strictSame(namespaces.get('team-a'), { workloads: 1, denied: 1 })
})

t.test('only what is not denied already', async (t) => {
  const latestOnly = policyOf({ mode: 'enforce', rules: { partialTag: 'warn' } })
  const objects: Objects = [
    ['Job.batch', templated('a', 'nginx')],
    ['Job.batch', templated('b', 'nginx:1.25')],
  ]
  t.strictSame(lines(preview(objects, ENFORCE, latestOnly)), ['next Job/b nginx:1.25 [partialTag]'])
  t.strictSame(lines(preview(objects, ENFORCE, ENFORCE)), [])
})

t.test('a day from which it is denied', async (t) => {
  const dated = (enforceFrom: string) => policyOf({ mode: 'enforce', enforceFrom })
  const objects: Objects = [['Job.batch', templated('a', 'nginx')]]
  t.match(preview(objects, dated('2026-12-07')).breakages, [{ deniedFrom: '2026-12-07' }])
  t.equal(preview(objects, dated('2026-11-01')).breakages[0]?.deniedFrom, undefined, 'one that has come')
  t.equal(
    preview(objects, dated('2026-12-07'), dated('2026-12-07')).breakages.length,
    0,
    'the same day as before',
  )
  t.equal(preview(objects, dated('2026-12-07'), dated('2027-01-01')).breakages.length, 1, 'an earlier day')
  t.equal(preview(objects, dated('2027-01-01'), dated('2026-12-07')).breakages.length, 0, 'a later day')
})

t.test('what runs now becomes the remedy', async (t) => {
  const deployment: Objects[number] = ['Deployment.apps', templated('web', 'busybox:1.36')]
  const running = (imageID: string, index: number, image = 'busybox:1.36'): Objects[number] => [
    'Pod',
    podOfDeployment('web', image, imageID, index),
  ]
  const image = (...pods: Objects) => preview([deployment, ...pods]).breakages[0]?.images[0]
  t.match(image(), { replacement: { image: 'busybox:1.36.<patch>' }, running: [] }, 'nothing is known')
  t.match(image(running(`docker.io/library/busybox@${DIGEST}`, 0)), {
    replacement: { image: `busybox:1.36@${DIGEST}` },
    running: [DIGEST],
  })
  t.match(
    image(
      running(`busybox@${OTHER_DIGEST}`, 0),
      running(`busybox@${DIGEST}`, 1),
      running(`busybox@${DIGEST}`, 2),
    ),
    { replacement: { image: `busybox:1.36@${DIGEST}` }, running: [DIGEST, OTHER_DIGEST] },
    'several versions under one tag: the harm itself',
  )
  t.match(
    image(running(`busybox@${DIGEST}`, 0, 'busybox:1.35')),
    { running: [] },
    'a Pod of the version before',
  )
  const latest = preview([['Pod', pod('a', 'nginx', { imageID: `nginx@${DIGEST}` })]]).breakages[0]
  t.match(latest?.images, [{ replacement: { image: `nginx@${DIGEST}` } }], 'no tag')
})

const chains: [what: string, first: string, made: Objects, last: NonNullable<Meta['owner']>][] = [
  [
    'a CronJob, through its Job',
    'CronJob.batch',
    [['Job.batch', templated('a-1', 'busybox:1.36', { owner: owner('batch/v1', 'CronJob', 'a') })]],
    { apiVersion: 'batch/v1', kind: 'Job', name: 'a-1' },
  ],
  [
    'a RayJob, through its RayCluster, which is read before it',
    'RayJob.ray.io',
    [
      [
        'RayCluster.ray.io',
        { ...templated('a-x', '', { owner: owner('ray.io/v1', 'RayJob', 'a') }), spec: {} },
      ],
    ],
    { apiVersion: 'ray.io/v1', kind: 'RayCluster', name: 'a-x' },
  ],
]
for (const [what, first, made, last] of chains) {
  t.test(`what a Pod runs is told of ${what}`, async (t) => {
    const head = { template: { spec: { containers: [{ name: 'main', image: 'busybox:1.36' }] } } }
    const spec = { rayClusterSpec: { headGroupSpec: head }, jobTemplate: { spec: head } }
    const objects: Objects = [
      [first, { metadata: { name: 'a', namespace: 'team-a' }, spec }],
      ['Pod', pod('a-1-x', 'busybox:1.36', { owner: last, imageID: `busybox@${DIGEST}` })],
    ]
    const found = preview([...made, ...objects])
    t.match(found.breakages, [{ workload: { name: 'a' }, images: [{ running: [DIGEST] }] }])
    t.strictSame(found.namespaces.get('team-a'), { workloads: 1, denied: 1 })
  })
}

t.test('workloads are counted by namespace, what they own is not', async (t) => {
  const { namespaces, read } = preview([
    ['Deployment.apps', templated('web', 'nginx')],
    ['Deployment.apps', templated('api', 'nginx:1.25.3')],
    ['Pod', podOfDeployment('web', 'nginx')],
    ['Job.batch', templated('exp', 'nginx', { namespace: 'lab' })],
  ])
  t.equal(read, 4)
  t.strictSame(Object.fromEntries(namespaces), {
    'team-a': { workloads: 2, denied: 1 },
    lab: { workloads: 1, denied: 1 },
  })
})

t.test('the order in which kinds are read', async (t) => {
  const order = outlookOrder(kindsTable().all).map(({ kind }) => kind)
  t.equal(order.at(-1), 'Pod')
  t.equal(order.at(-2), 'Job')
  t.notOk(order.includes('ReplicaSet'))
  t.notOk(order.includes('ControllerRevision'))
  t.notOk(order.includes('PodTemplate'), 'of which nothing runs')
})

t.test('whatever an object looks like', async () => {
  const key = fc.constantFrom(
    'metadata',
    'name',
    'namespace',
    'ownerReferences',
    'spec',
    'containers',
    'status',
    'containerStatuses',
    '__proto__',
  )
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.object({ key })), (object) => {
      preview([['Pod', object as object]])
    }),
  )
})

t.test('what is told is denied afterwards and not before', async () => {
  const image = fc.constantFrom(
    'nginx',
    'nginx:1.25',
    'nginx:1.25.3',
    'redis:alpine',
    'Nginx:1',
    `a@${DIGEST}`,
  )
  const mode = fc.constantFrom('enforce', 'warn', 'audit', 'disabled')
  const spec = fc.record({
    mode: fc.constantFrom('enforce', 'warn'),
    rules: fc.record({ latestTag: mode, partialTag: mode, floatingTag: mode, stalePull: mode }),
  })
  fc.assert(
    fc.property(fc.array(image, { maxLength: 3 }), spec, spec, (images, was, is) => {
      const [before, after] = [policyOf(was), policyOf(is)]
      const containers = images.map((image, index) => ({ name: `c${index}`, image }))
      const object = {
        metadata: { name: 'a', namespace: 'team-a' },
        spec: { template: { spec: { containers } } },
      }
      const judged = { group: 'batch', kind: 'Job', object, namespace: { name: 'team-a', labels: {} } }
      const denied = (policy: Policy) =>
        judge(judged, policy, NOW).findings.filter(({ mode }) => mode === 'enforce')
      const { breakages } = preview([['Job.batch', object]], after, before)
      const told = breakages.flatMap(({ images }) => images.map(({ container }) => container)).sort()
      const names = new Set(denied(after).map(({ container }) => container.name))
      const expected = denied(before).length > 0 ? [] : [...names].sort()
      return told.join() === expected.join()
    }),
  )
})

/** Bytes that a preview of so many Pods holds in the end. */
function held(count: number, podAt: (index: number) => object): { bytes: number; found: Preview } {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const outlook = new Outlook({ after: everywhere(ENFORCE), now: NOW })
  const podKind = kindOf('Pod')
  collect()
  const before = process.memoryUsage().heapUsed
  for (let index = 0; index < count; index++) outlook.add(podKind, podAt(index))
  collect()
  const bytes = process.memoryUsage().heapUsed - before
  return { bytes, found: outlook.result() }
}

/** As it comes out of a page of a list: no text is shared with another Pod. */
const parsed = (object: object): object => JSON.parse(JSON.stringify(object))

t.test('150,000 Pods in order take no memory', async (t) => {
  const { bytes, found } = held(150_000, (index) =>
    parsed(podOfDeployment(`web-${index % 1000}`, 'nginx:1.25.3', `nginx@${DIGEST}`, index)),
  )
  t.ok(bytes < 5_000_000, `${bytes} bytes`)
  t.equal(found.read, 150_000)
})

t.test('150,000 Pods that would be denied take as much as is told of them', async (t) => {
  const denied = (index: number) =>
    parsed(pod(`notebook-${index}`, `busybox:1.${index % 50}`, { imageID: `busybox@${DIGEST}` }))
  const few = held(MAX_BREAKAGES, denied)
  const many = held(150_000, denied)
  t.ok(few.bytes < 40_000_000, `${few.bytes} bytes`)
  t.ok(many.bytes < few.bytes + 3_000_000, `${many.bytes} bytes, ${few.bytes} for ${MAX_BREAKAGES}`)
  t.equal(many.found.breakages.length + many.found.more, 150_000)
})
