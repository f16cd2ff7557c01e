import fc from 'fast-check'
import t from 'tap'
import { objectMeta } from '../../src/workload/object-meta.ts'

const controlled = (...ownerReferences: unknown[]) => ({ metadata: { ownerReferences } })

const controllers: [what: string, object: unknown, controller: unknown][] = [
  [
    'a group and its version',
    controlled({ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-5d4', uid: 'u1', controller: true }),
    { apiVersion: 'apps/v1', group: 'apps', kind: 'ReplicaSet', name: 'web-5d4', uid: 'u1' },
  ],
  [
    'the core group',
    controlled({ apiVersion: 'v1', kind: 'ReplicationController', controller: true }),
    { apiVersion: 'v1', group: '', kind: 'ReplicationController', name: '', uid: '' },
  ],
  [
    'the second owner',
    controlled(
      { apiVersion: 'v1', kind: 'ConfigMap' },
      { apiVersion: 'batch/v1', kind: 'Job', controller: true },
    ),
    { apiVersion: 'batch/v1', group: 'batch', kind: 'Job', name: '', uid: '' },
  ],
  ['an owner that is no controller', controlled({ apiVersion: 'batch/v1', kind: 'Job' }), undefined],
  ['a text for true', controlled({ apiVersion: 'batch/v1', kind: 'Job', controller: 'true' }), undefined],
  ['no kind', controlled({ apiVersion: 'batch/v1', controller: true }), undefined],
  ['owners that are no list', { metadata: { ownerReferences: { controller: true } } }, undefined],
  ['owners that make no sense', controlled(null, 1, 'a', []), undefined],
]

for (const [what, object, controller] of controllers) {
  t.test(`the controller: ${what}`, async (t) => t.same(objectMeta(object).controller, controller))
}

t.test('names, labels and annotations', async (t) => {
  const meta = objectMeta({
    metadata: {
      name: 'a',
      namespace: 'team-a',
      generateName: 'a-',
      labels: { app: 'web', odd: 1 },
      annotations: { 'example.com/x': '' },
    },
  })
  t.equal(meta.name, 'a')
  t.equal(meta.generateName, 'a-')
  t.equal(meta.namespace, 'team-a')
  t.equal(meta.label('app'), 'web')
  t.equal(meta.label('odd'), undefined, 'no text')
  t.equal(meta.label('constructor'), undefined)
  t.ok(meta.hasAnnotation('example.com/x'), 'an empty annotation is there')
  t.notOk(meta.hasAnnotation('constructor'), 'what every object inherits is no annotation')
})

t.test('no object makes it throw', async () => {
  const metadata = fc.object({
    key: fc.constantFrom('metadata', 'name', 'ownerReferences', 'annotations', '__proto__'),
  })
  fc.assert(
    fc.property(
      fc.oneof(fc.anything(), metadata),
      (object) => objectMeta(object).hasAnnotation('a') === false,
    ),
  )
})
