import t from 'tap'
import { allow, deny } from '../../src/admission/answer.ts'

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
