import t from 'tap'
import type { Finding } from '../../src/judge.ts'
import { Breakages, type Denied, MAX_BREAKAGES } from '../../src/preview/breakages.ts'
import type { Trigger } from '../../src/preview/preview.ts'
import { DIGEST, OTHER_DIGEST } from './objects.ts'

function finding(container: string, image: string, more: Partial<Finding> = {}): Finding {
  return {
    rule: 'partialTag',
    mode: 'enforce',
    container: { list: 'containers', name: container, field: `spec.${container}`, place: '' },
    image,
    problem: 'moves',
    action: '',
    remedy: () => ({ image: `${image}.<patch>`, alternative: `${image}@sha256:<digest>`, sentence: '' }),
    ...more,
  }
}

const workload = (name: string) => ({
  namespace: 'team-a',
  group: 'batch',
  kind: 'Job',
  resource: 'jobs',
  name,
})

const STANDARD = { trigger: 'next', itself: true, renamed: false } as const

function denied(name: string, findings: readonly Finding[], more: Partial<Denied> = {}): Denied {
  return { ...STANDARD, workload: workload(name), findings, ...more }
}

t.test('many Pods of one workload are one, with each container once', async (t) => {
  const breakages = new Breakages()
  const findings = [finding('main', 'busybox:1.36'), finding('init', 'busybox:1.36')]
  t.ok(breakages.add(denied('a', findings)))
  t.notOk(breakages.add(denied('a', [finding('main', 'busybox:1.36', { rule: 'stalePull' })])))
  t.match(breakages.inOrder(), [
    {
      images: [
        { container: 'main', rules: ['partialTag', 'stalePull'] },
        { container: 'init', rules: ['partialTag'] },
      ],
    },
  ])
})

t.test('an exemption that covers a container no more', async (t) => {
  const breakages = new Breakages()
  const expired = { name: 'vendor', expires: '2026-12-10' } as NonNullable<Finding['expired']>
  breakages.add(denied('a', [finding('main', 'busybox:1.36'), finding('init', 'redis:7')]))
  breakages.add(denied('a', [finding('main', 'busybox:1.36', { rule: 'digestMissing', expired })]))
  const [{ images } = { images: [] }] = breakages.inOrder()
  t.strictSame(
    images.map(({ expired }) => expired),
    [{ name: 'vendor', expires: '2026-12-10' }, undefined],
  )
})

t.test('a step that is called otherwise in its Pod is told once', async (t) => {
  const breakages = new Breakages()
  breakages.add(denied('a', [finding('build', 'busybox:1.36')]))
  breakages.add(denied('a', [finding('step-build', 'busybox:1.36')], { renamed: true }))
  t.match(breakages.inOrder(), [{ images: [{ container: 'build' }] }])
  t.equal(breakages.inOrder()[0]?.images.length, 1)
})

const triggers: [given: Trigger[], expected: Trigger][] = [
  [['change', 'itself', 'next'], 'itself'],
  [['change', 'next'], 'next'],
  [['next', 'change'], 'next'],
]
for (const [given, expected] of triggers) {
  t.test(`${given.join(' and ')} is ${expected}`, async (t) => {
    const breakages = new Breakages()
    for (const trigger of given) breakages.add(denied('a', [finding('main', 'busybox:1.36')], { trigger }))
    t.equal(breakages.inOrder()[0]?.trigger, expected)
  })
}

const days: [given: (string | undefined)[], expected: string | undefined][] = [
  [['2027-01-01', '2026-12-07'], '2026-12-07'],
  [['2026-12-07', undefined], undefined],
  [[undefined, '2026-12-07'], undefined],
]
for (const [given, expected] of days) {
  t.test(`denied from ${given.join(' and ')} is ${expected ?? 'at once'}`, async (t) => {
    const breakages = new Breakages()
    const findings = given.map((deniedFrom, index) => finding(`c${index}`, 'busybox:1.36', { deniedFrom }))
    breakages.add(denied('a', findings))
    t.equal(breakages.inOrder()[0]?.deniedFrom, expected)
  })
}

t.test('what runs, by the name of the container, else by its image', async (t) => {
  const breakages = new Breakages()
  breakages.add(denied('a', [finding('main', 'busybox:1.36'), finding('build', 'busybox:1.35')]))
  const running = [
    { name: 'other', image: 'busybox:1.36', digest: OTHER_DIGEST },
    { name: 'main', image: 'busybox:1.36', digest: DIGEST },
    { name: 'step-build', image: 'busybox:1.35', digest: OTHER_DIGEST },
  ]
  breakages.addRunning(workload('a'), () => running)
  breakages.addRunning(workload('b'), () => t.fail('of nobody that is denied') as never)
  t.match(breakages.inOrder()[0]?.images, [
    { running: [DIGEST], replacement: { image: `busybox:1.36@${DIGEST}` } },
    { running: [OTHER_DIGEST], replacement: { image: `busybox:1.35@${OTHER_DIGEST}` } },
  ])
})

t.test('of what is beyond the bound the number is right', async (t) => {
  const breakages = new Breakages()
  const findings = [finding('main', 'busybox:1.36')]
  for (let index = 0; index < MAX_BREAKAGES; index++) breakages.add(denied(`a${index}`, findings))
  t.equal(breakages.more, 0)
  t.ok(breakages.add(denied('b', findings)))
  t.ok(breakages.add(denied('owner', findings, { itself: false })))
  t.notOk(breakages.add(denied('owner', findings, { itself: false })), 'a second Pod of it')
  t.notOk(breakages.add(denied('a0', findings, { itself: false })), 'one that is kept')
  t.equal(breakages.more, 2)
  t.equal(breakages.inOrder().length, MAX_BREAKAGES)
})
