import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { admit } from '../../src/admission/admit.ts'
import { type OwnerEvent, ownerEvent } from '../../src/admission/owner-event.ts'
import { type AdmissionRequest, readReview } from '../../src/admission/review.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import { isPlainLine } from './anything.ts'
import { serviceAccount } from './samples.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const REVIEW = new URL('../fixtures/reviews/pod-of-replicaset.json', import.meta.url)
/** A Pod with nginx:latest that the controller of ReplicaSets makes. */
const POD = readReview(JSON.parse(readFileSync(REVIEW, 'utf8')))
const OWNER = {
  apiVersion: 'apps/v1',
  group: 'apps',
  kind: 'ReplicaSet',
  name: 'legacy-6d5c9f7b8',
  uid: '5b1f5d0e-3f0c-4a52-9a5e-0b6a0d0f6c11',
}
const WRONG =
  'container "web" uses nginx:latest, which changes with every push; use a tag that is pushed once'

/** What is said of a request under a policy whose switch is enforce. */
async function said(
  change: Partial<AdmissionRequest>,
  ownedObjects = 'audit',
): Promise<OwnerEvent | undefined> {
  const text = `apiVersion: tallyman.dev/v1alpha1
kind: TagPolicy
metadata: {name: default}
spec: {mode: enforce, ownedObjects: ${ownedObjects}}`
  const policy = parsePolicy(text, 'policy.yaml')
  const request = { ...POD, ...change }
  const namespace = { name: 'team-web', labels: {} }
  return ownerEvent(request, await admit(request, { for: () => ({ policy, namespace }) }, NOW))
}

const object = POD.object as { metadata: object; spec: object }
const owned = (metadata: object, spec: object = object.spec) => ({
  ...object,
  metadata: { ...object.metadata, ...metadata },
  spec,
})
const [reference] = (object.metadata as { ownerReferences: object[] }).ownerReferences
const person = { username: 'alice', groups: ['system:authenticated'] }
const fixed = { containers: [{ name: 'web', image: 'nginx:1.25.3', imagePullPolicy: 'IfNotPresent' }] }

t.test('a denial of an owned object', async (t) =>
  t.strictSame(await said({}, 'enforce'), {
    owner: OWNER,
    namespace: 'team-web',
    reason: 'ImageTagDenied',
    note: `Pod "legacy-6d5c9f7b8-...": ${WRONG}`,
    topic: `Pod: ${WRONG}`,
  }),
)

const told: [what: string, change: Partial<AdmissionRequest>, mode: string, reason: OwnerEvent['reason']][] =
  [
    ['what only the audit log has', {}, 'audit', 'ImageTagFinding'],
    ['a warning, which no controller hears', {}, 'warn', 'ImageTagFinding'],
    [
      'a denial of a service account of the same namespace',
      { userInfo: serviceAccount('team-web', 'operator') },
      'audit',
      'ImageTagDenied',
    ],
    [
      'an update that brings another image',
      { operation: 'UPDATE', oldObject: owned({}, fixed) },
      'audit',
      'ImageTagFinding',
    ],
  ]
for (const [what, change, mode, reason] of told)
  t.test(`told: ${what}`, async (t) => t.match(await said(change, mode), { owner: OWNER, reason }))

const untold: [what: string, change: Partial<AdmissionRequest>, mode?: string][] = [
  ['an object in order', { object: owned({}, fixed) }],
  ['a finding in mode disabled', {}, 'disabled'],
  ['a dry run', { dryRun: true }, 'enforce'],
  ['a person, who is answered', { userInfo: person }],
  ['an object of nobody', { object: owned({ ownerReferences: [] }) }],
  ['an owner without a uid', { object: owned({ ownerReferences: [{ ...reference, uid: undefined }] }) }],
  ['an owner without a name', { object: owned({ ownerReferences: [{ ...reference, name: '' }] }) }],
  ['what was stored before', { operation: 'UPDATE', oldObject: object }],
  ['a deletion', { operation: 'DELETE', object: null, oldObject: object }],
  ['a kind that nobody knows', { kind: { group: 'example.com', version: 'v1', kind: 'Thing' } }],
]
for (const [what, change, mode] of untold)
  t.test(`not told: ${what}`, async (t) => t.equal(await said(change, mode), undefined))

t.test('Pods of one ReplicaSet have one topic', async (t) => {
  const another = await said({ name: 'legacy-6d5c9f7b8-zzzzz' }, 'enforce')
  t.equal(another?.note, `Pod "legacy-6d5c9f7b8-zzzzz": ${WRONG}`)
  t.equal(another?.topic, (await said({}, 'enforce'))?.topic)
})

t.test('whatever the object holds, nothing is thrown, and the note is one bounded line', async (t) => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.constant('x'.repeat(5_000)))
  const containers = fc.array(fc.record({ name: fc.anything(), image: fc.oneof(text, fc.anything()) }), {
    minLength: 1,
    maxLength: 12,
  })
  let events = 0
  await fc.assert(
    fc.asyncProperty(containers, text, fc.constantFrom('audit', 'enforce'), async (some, name, mode) => {
      const event = await said({ name, object: owned({ generateName: name }, { containers: some }) }, mode)
      if (event === undefined) return true
      events += 1
      return isPlainLine(event.note) && event.note.length <= 1_024 && isPlainLine(event.topic)
    }),
  )
  t.ok(events > 0)
})
