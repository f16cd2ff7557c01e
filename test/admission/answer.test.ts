import t from 'tap'
import { allow, deny, outcomeOf } from '../../src/admission/answer.ts'

t.test('an answer without remarks', async (t) =>
  t.strictSame(allow('u'), {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: { uid: 'u', allowed: true },
  }),
)

t.test('a denial with remarks', async (t) => {
  const status = {
    code: 403,
    reason: 'Forbidden',
    message: 'no',
    details: { causes: [{ reason: 'latestTag', field: 'spec.image', message: 'no' }] },
  } as const
  t.strictSame(deny('u', status, { warnings: ['w'], auditAnnotations: { mode: 'enforce' } }), {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: { uid: 'u', allowed: false, status, warnings: ['w'], auditAnnotations: { mode: 'enforce' } },
  })
})

t.test('what an answer comes to', async (t) => {
  const denial = { code: 403, reason: 'Forbidden', message: 'no', details: { causes: [] } } as const
  t.equal(outcomeOf(allow('a')), 'allowed')
  t.equal(outcomeOf(allow('a', { warnings: ['b'] })), 'warned')
  t.equal(outcomeOf(deny('a', denial, { warnings: ['b'] })), 'denied')
})
