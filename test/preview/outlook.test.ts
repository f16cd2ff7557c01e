import fc from 'fast-check'
import t from 'tap'
import { judge } from '../../src/judge.ts'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import { compilePolicy } from '../../src/policy/compile.ts'
import type { Policy } from '../../src/policy/policy.ts'
import type { Regime } from '../../src/policy/policy-set.ts'
import { readTagPolicyObject } from '../../src/policy/tag-policy-object.ts'
import { withMode } from '../../src/policy/with-mode.ts'
import { Outlook, outlookOrder } from '../../src/preview/outlook.ts'
import type { Preview } from '../../src/preview/preview.ts'
import type { WorkloadKind } from '../../src/workload/kinds.ts'
import { kindsTable } from '../../src/workload/kinds.ts'
import { cronJob, DIGEST, OTHER_DIGEST, pod, podOfDeployment, templated } from './objects.ts'

const NOW = new Date('2026-11-27T12:00:00Z')
const WARN = builtInPolicy()
const ENFORCE = withMode(WARN, 'enforce')
const policyOf = (spec: object) => compilePolicy(readTagPolicyObject({ metadata: { name: 'default' }, spec }))

const everywhere =
  (policy: Policy): Regime =>
  (name) => ({ policy, namespace: { name, labels: {} } })

function kind(name: string): WorkloadKind {
  const [kind = '', group = ''] = name.split('.')
  const found = kindsTable().find(group, kind)
  if (found === undefined) throw new Error(`${name} is no kind`)
  return found
}

type Objects = readonly [kind: string, object: object][]

function preview(objects: Objects, after = ENFORCE, before?: Policy): Preview {
  const outlook = new Outlook({ before: before && everywhere(before), after: everywhere(after), now: NOW })
  for (const [name, object] of objects) outlook.add(kind(name), object)
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
    'a Pod of a Workflow, at its next run',
    [
      [
        'Pod',
        pod('a', 'nginx', { owner: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', name: 'train' } }),
      ],
    ],
    ['next Workflow/train nginx [latestTag]'],
  ],
]
for (const [what, objects, expected] of cases) {
  t.test(what, async (t) => t.strictSame(lines(preview(objects)), expected))
}

t.test('where nothing is spared, what a controller makes again breaks by itself', async (t) => {
  const merciless = policyOf({ mode: 'enforce', ownedObjects: 'enforce' })
  const objects: Objects = [
    ['Deployment.apps', templated('web', 'nginx')],
    ['Pod', podOfDeployment('web', 'nginx')],
  ]
  t.strictSame(lines(preview(objects, merciless)), ['itself Deployment/web nginx [latestTag]'])
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
  t.match(image(), { remedy: 'busybox:1.36.<patch>', running: [] }, 'nothing is known')
  t.match(image(running(`docker.io/library/busybox@${DIGEST}`, 0)), {
    remedy: `busybox:1.36@${DIGEST}`,
    running: [DIGEST],
  })
  t.match(
    image(
      running(`busybox@${OTHER_DIGEST}`, 0),
      running(`busybox@${DIGEST}`, 1),
      running(`busybox@${DIGEST}`, 2),
    ),
    { remedy: `busybox:1.36@${DIGEST}`, running: [DIGEST, OTHER_DIGEST] },
    'several versions under one tag: the harm itself',
  )
  t.match(
    image(running(`busybox@${DIGEST}`, 0, 'busybox:1.35')),
    { running: [] },
    'a Pod of the version before',
  )
  const latest = preview([['Pod', pod('a', 'nginx', { imageID: `nginx@${DIGEST}` })]]).breakages[0]
  t.match(latest?.images, [{ remedy: `nginx@${DIGEST}` }], 'no tag')
})

t.test('the Pods of a CronJob are found through its Jobs', async (t) => {
  const objects: Objects = [
    ['CronJob.batch', cronJob('night', 'busybox:1.36')],
    [
      'Job.batch',
      templated('night-1', 'busybox:1.36', {
        owner: { apiVersion: 'batch/v1', kind: 'CronJob', name: 'night' },
      }),
    ],
    [
      'Pod',
      pod('night-1-x', 'busybox:1.36', {
        owner: { apiVersion: 'batch/v1', kind: 'Job', name: 'night-1' },
        imageID: `busybox@${DIGEST}`,
      }),
    ],
  ]
  t.match(preview(objects).breakages, [
    { workload: { kind: 'CronJob', name: 'night' }, images: [{ running: [DIGEST] }] },
  ])
})

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
  const mode = fc.constantFrom('enforce', 'warn', 'audit')
  const policy = fc
    .record({ mode, rules: fc.record({ latestTag: mode, partialTag: mode, floatingTag: mode }) })
    .map(policyOf)
  fc.assert(
    fc.property(image, policy, policy, (image, before, after) => {
      const object = templated('a', image)
      const denied = (policy: Policy) =>
        judge(
          { group: 'batch', kind: 'Job', object, namespace: { name: 'team-a', labels: {} } },
          policy,
          NOW,
        ).findings.some(({ mode }) => mode === 'enforce')
      const told = preview([['Job.batch', object]], after, before).breakages.length > 0
      return told === (denied(after) && !denied(before))
    }),
  )
})

t.test('150,000 Pods in order take no memory', async (t) => {
  const { gc = () => {} } = globalThis
  const outlook = new Outlook({ after: everywhere(ENFORCE), now: NOW })
  const add = (count: number) => {
    for (let index = 0; index < count; index++)
      outlook.add(
        kind('Pod'),
        podOfDeployment(`web-${index % 1000}`, 'nginx:1.25.3', `nginx@${DIGEST}`, index),
      )
  }
  add(1_000)
  gc()
  const before = process.memoryUsage().heapUsed
  add(150_000)
  gc()
  const grown = process.memoryUsage().heapUsed - before
  t.ok(grown < 50_000_000, `${grown} bytes`)
  t.equal(outlook.result().read, 151_000)
})
