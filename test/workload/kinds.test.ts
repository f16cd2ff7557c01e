import t from 'tap'
import { containersOf } from '../../src/workload/containers.ts'
import { type CustomKind, isKubernetesOwn, kindsTable } from '../../src/workload/kinds.ts'

t.test('a kind is told from another of the same name by its group', async (t) => {
  const table = kindsTable()
  t.same(table.find('batch', 'Job')?.podSpecs[0]?.path.text, 'spec.template.spec')
  t.same(table.find('batch.volcano.sh', 'Job')?.podSpecs[0]?.path.text, 'spec.tasks[*].template.spec')
  t.equal(table.find('example.com', 'Job'), undefined)
  t.equal(table.find('', 'ConfigMap'), undefined)
})

t.test('kubernetes’ own groups name their version, groups of custom resources take any', async (t) => {
  for (const { group, kind, versions } of kindsTable().all) {
    t.same(versions, ['', 'apps', 'batch'].includes(group) ? ['v1'] : ['*'], `${kind} of ${group}`)
  }
})

t.test('the table is frozen', async (t) => {
  const table = kindsTable()
  t.throws(() => (table.all as unknown[]).pop(), TypeError)
  t.throws(() => Object.assign(table.all[0] ?? {}, { longLived: true }), TypeError)
})

const engine: CustomKind = {
  group: 'example.com',
  kind: 'Engine',
  resource: 'engines',
  longLived: true,
  podSpecs: ['spec.steps[*].template.spec'],
  images: [{ image: 'spec.image', pullPolicy: 'spec.imagePullPolicy' }],
}

t.test('a kind of the policy is found and read', async (t) => {
  const kind = kindsTable([engine]).find('example.com', 'Engine')
  if (kind === undefined) return t.fail('not found')
  t.match(kind, { resource: 'engines', versions: ['*'], longLived: true, resolvesTags: false })
  const object = {
    spec: {
      image: 'engine:1',
      imagePullPolicy: 'Always',
      steps: [{ template: { spec: { containers: [{ name: 'main', image: 'step:1' }] } } }],
    },
  }
  t.same(
    containersOf(kind, object).map(({ image, pullPolicy, list }) => [image, pullPolicy, list]),
    [
      ['step:1', undefined, 'containers'],
      ['engine:1', 'Always', 'image'],
    ],
  )
})

t.test('a kind of the policy replaces a built-in one', async (t) => {
  const table = kindsTable([
    { group: 'kubeflow.org', kind: 'TFJob', resource: 'tfjobs', podSpecs: ['spec.other'] },
  ])
  t.same(
    table.find('kubeflow.org', 'TFJob')?.podSpecs.map(({ path }) => path.text),
    ['spec.other'],
  )
  t.equal(table.all.length, kindsTable().all.length)
})

t.test('the table of one policy knows nothing of another’s kinds', async (t) => {
  kindsTable([engine])
  t.equal(kindsTable().find('example.com', 'Engine'), undefined)
})

const refused: [why: string, change: Partial<CustomKind>, message: RegExp][] = [
  ['a path that cannot be read', { podSpecs: ['spec..x'] }, /spec\.\.x has an empty field/],
  [
    'a pull policy in another list than the image',
    { images: [{ image: 'spec.steps[*].image', pullPolicy: 'spec.tasks[*].pullPolicy' }] },
    /spec\.tasks\[\*\]\.pullPolicy has a wildcard where spec\.steps\[\*\]\.image has none/,
  ],
]
for (const [why, change, message] of refused) {
  t.test(`${why} is refused`, async (t) =>
    t.throws(() => kindsTable([{ ...engine, ...change }]), { name: 'PathError', message }),
  )
}

const own: [group: string, kind: string, own: boolean][] = [
  ['', 'Pod', true],
  ['batch', 'Job', true],
  ['batch.volcano.sh', 'Job', false],
  ['apps', 'Engine', false],
  ['kubeflow.org', 'PyTorchJob', false],
]
for (const [group, kind, expected] of own)
  t.test(`${kind}.${group} is ${expected ? '' : 'not '}Kubernetes' own`, async (t) =>
    t.equal(isKubernetesOwn(group, kind), expected),
  )
