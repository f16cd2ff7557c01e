import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { ReviewError, readReview } from '../../src/admission/review.ts'

const request = {
  uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
  kind: { group: '', version: 'v1', kind: 'Pod' },
  resource: { group: '', version: 'v1', resource: 'pods' },
  requestKind: { group: '', version: 'v1', kind: 'Pod' },
  name: 'web',
  namespace: 'team-web',
  operation: 'CREATE',
  userInfo: { username: 'kubernetes-admin', groups: ['system:authenticated'] },
  object: { kind: 'Pod' },
  oldObject: null,
  dryRun: false,
  options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
}

const review = (change: object = {}) => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: { ...request, ...change },
})

t.test('the part that is read', async (t) => {
  t.strictSame(
    readReview(review({ subResource: 'ephemeralcontainers', operation: 'UPDATE', dryRun: true })),
    {
      uid: request.uid,
      kind: request.kind,
      resource: request.resource,
      subResource: 'ephemeralcontainers',
      name: 'web',
      namespace: 'team-web',
      operation: 'UPDATE',
      userInfo: request.userInfo,
      object: { kind: 'Pod' },
      oldObject: null,
      dryRun: true,
    },
  )
})

const accepted: [what: string, change: object, read: object][] = [
  ['no name and namespace', { name: '', namespace: undefined }, { name: undefined, namespace: undefined }],
  ['a user without groups', { userInfo: { username: 'a' } }, { userInfo: { username: 'a', groups: [] } }],
  [
    'groups of null',
    { userInfo: { username: 'a', groups: null } },
    { userInfo: { username: 'a', groups: [] } },
  ],
  [
    'a user of whom more is known',
    { userInfo: { username: 'a', uid: 'u', extra: { 'example.com/scopes': ['x'] }, more: 1 } },
    { userInfo: { username: 'a', groups: [], uid: 'u', extra: { 'example.com/scopes': ['x'] } } },
  ],
  ['nobody', { userInfo: {} }, { userInfo: { username: '', groups: [] } }],
  ['no userInfo', { userInfo: undefined }, { userInfo: { username: '', groups: [] } }],
  ['a DELETE without objects', { operation: 'DELETE', object: null }, { operation: 'DELETE', object: null }],
  ['an UPDATE without the old object', { operation: 'UPDATE', oldObject: undefined }, { oldObject: null }],
  ['no dryRun', { dryRun: undefined }, { dryRun: false }],
  [
    'a group left out',
    { kind: { version: 'v1', kind: 'Pod' } },
    { kind: { group: '', version: 'v1', kind: 'Pod' } },
  ],
]

for (const [what, change, read] of accepted) {
  t.test(`accepts ${what}`, async (t) => t.match(readReview(review(change)), read))
}

const refused: [what: string, body: unknown, message: string][] = [
  ['null', null, 'the body must be a JSON object, not null'],
  ['a list', [], 'the body must be a JSON object, not a list'],
  ['a text', 'hello', 'the body must be a JSON object, not "hello"'],
  [
    'another object',
    { apiVersion: 'v1', kind: 'Pod' },
    'the body must be an AdmissionReview of admission.k8s.io/v1, as the API server posts it; its kind is "Pod"',
  ],
  [
    'an empty object',
    {},
    'the body must be an AdmissionReview of admission.k8s.io/v1, as the API server posts it; its kind is missing',
  ],
  [
    'v1beta1',
    { ...review(), apiVersion: 'admission.k8s.io/v1beta1' },
    'admission.k8s.io/v1beta1 is not understood, only v1: set admissionReviewVersions: ["v1"] in the ValidatingWebhookConfiguration',
  ],
  [
    'another version',
    { ...review(), apiVersion: 'admission.k8s.io/v2\u001b[2J' },
    'an AdmissionReview must have apiVersion admission.k8s.io/v1, not "admission.k8s.io/v2\\u{1b}[2J"',
  ],
  ['no request', { ...review(), request: undefined }, 'request must be a JSON object, not missing'],
  [
    'no uid',
    review({ uid: undefined }),
    'request.uid is missing: an answer has to carry the uid of its request',
  ],
  [
    'an empty uid',
    review({ uid: '' }),
    'request.uid is missing: an answer has to carry the uid of its request',
  ],
  ['a uid that is a number', review({ uid: 7 }), 'request.uid must be a string, not the number 7'],
  ['an endless uid', review({ uid: 'x'.repeat(257) }), 'request.uid is longer than 256 characters'],
  [
    'another operation',
    review({ operation: 'PATCH' }),
    'request.operation must be one of CREATE, UPDATE, DELETE, CONNECT, not "PATCH"',
  ],
  ['no kind', review({ kind: undefined }), 'request.kind must be a JSON object, not missing'],
  ['an empty kind', review({ kind: { group: '', version: 'v1' } }), 'request.kind.kind is missing'],
  [
    'a CREATE without the object',
    review({ object: null }),
    'request.object is missing: CREATE requests carry one',
  ],
  [
    'an UPDATE without the object',
    review({ operation: 'UPDATE', object: undefined }),
    'request.object is missing: UPDATE requests carry one',
  ],
  ['an object that is a text', review({ object: 'x' }), 'request.object must be a JSON object, not "x"'],
  ['a namespace that is a list', review({ namespace: [] }), 'request.namespace must be a string, not a list'],
  ['a user that is a text', review({ userInfo: 'me' }), 'request.userInfo must be a JSON object, not "me"'],
  [
    'groups that are a text',
    review({ userInfo: { groups: 'system:masters' } }),
    'request.userInfo.groups must be a list of strings',
  ],
  [
    'groups of numbers',
    review({ userInfo: { groups: [1] } }),
    'request.userInfo.groups must be a list of strings',
  ],
  [
    'a further fact that is no list',
    review({ userInfo: { extra: { scopes: 'x' } } }),
    'request.userInfo.extra must hold lists of strings',
  ],
  [
    'a uid that only a prototype has',
    JSON.parse(
      JSON.stringify(review({ uid: undefined })).replace('"kind":{', '"__proto__":{"uid":"x"},"kind":{'),
    ),
    'request.uid is missing: an answer has to carry the uid of its request',
  ],
]

for (const [what, body, message] of refused) {
  t.test(`refuses ${what}`, async (t) => t.throws(() => readReview(body), new ReviewError(message)))
}

t.test('any JSON is read or refused, never a fault', async () => {
  const value = fc.jsonValue() as fc.Arbitrary<object>
  const bodies = fc.oneof(
    value,
    fc
      .dictionary(fc.constantFrom('uid', 'kind', 'operation', 'object', 'userInfo', 'resource'), value)
      .map(review),
  )
  fc.assert(
    fc.property(bodies, (body) => {
      try {
        return readReview(body).uid !== ''
      } catch (error) {
        return error instanceof ReviewError && !error.message.includes('\n')
      }
    }),
  )
})

const samples = new URL('../fixtures/reviews/', import.meta.url)
for (const file of readdirSync(samples)) {
  t.test(`reads ${file}`, async (t) => {
    const body = JSON.parse(readFileSync(new URL(file, samples), 'utf8'))
    t.equal(readReview(body).uid, body.request.uid)
  })
}
