import t from 'tap'
import { objectText } from '../../src/admission/occasion.ts'
import type { AdmissionRequest } from '../../src/admission/review.ts'
import { occasion, podRequest, request } from './samples.ts'

const generated = { metadata: { generateName: 'exp-', name: 'exp-x7k2p' } }
const names: [what: string, change: Partial<AdmissionRequest>, name: string][] = [
  ['the name of the request', { name: 'resnet' }, 'resnet'],
  ['a name to be generated', { name: undefined, object: generated }, 'exp-...'],
  ['an object that got its generated name long ago', { name: 'exp-x7k2p', object: generated }, 'exp-x7k2p'],
  ['only the object has one', { name: undefined, object: { metadata: { name: 'a' } } }, 'a'],
  ['none at all', { name: undefined, object: {} }, ''],
  ['one that is not plain', { name: 'a\u001b[2J' }, 'a\\u{1b}[2J'],
]

for (const [what, change, name] of names) {
  t.test(what, async (t) => t.equal(occasion(request(change)).name, name))
}

t.test('what is done to what', async (t) => {
  t.match(occasion(request()), { kind: 'Job', update: false, podUpdate: false, debugging: false })
  t.match(occasion(request({ operation: 'UPDATE' })), { update: true, podUpdate: false })
  t.match(occasion(podRequest()), { update: false, podUpdate: false })
  t.match(occasion(podRequest({ operation: 'UPDATE' })), { podUpdate: true, debugging: false })
  t.match(occasion(podRequest({ operation: 'UPDATE', subResource: 'ephemeralcontainers' })), {
    debugging: true,
  })
})

t.test('a rule denies where it and the switch say enforce', async (t) => {
  t.ok(occasion().denies('latestTag'))
  t.notOk(occasion().denies('floatingTag'))
})

t.test('the object in a few words', async (t) => {
  t.equal(objectText({ kind: 'Job', name: 'exp' }), 'Job/exp')
  t.equal(objectText({ kind: 'Job', name: '' }), 'Job')
  t.equal(objectText({ kind: 'Job', name: 'a'.repeat(100) }).length, 70)
})
