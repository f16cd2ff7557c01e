import t from 'tap'
import { readReview } from '../../src/admission/review.ts'
import { fixedPolicy } from '../../src/server/policy-source.ts'
import { webhookEntries } from '../../src/server/webhook-entries.ts'
import { view } from '../admission/views.ts'
import { enforcing, namespaceReview, podReview, policyReview, Told } from './listening.ts'

const NOW = new Date('2026-11-23T12:00:00Z')

function entries(cluster?: ReturnType<typeof view>) {
  const told = new Told()
  const options = { policies: fixedPolicy(enforcing), observer: told, now: () => NOW }
  return { told, entries: webhookEntries({ ...options, ...(cluster && { cluster }) }) }
}

t.test('where no cluster is known there is nothing to say of its policies', async (t) => {
  t.same([...entries().entries.keys()], ['/validate'])
  t.same([...entries(view()).entries.keys()], ['/validate', '/validate-policy', '/validate-namespace'])
})

const asked: [path: string, review: object, told: Partial<Told>][] = [
  [
    '/validate',
    podReview('app:latest'),
    { verdicts: [{ uid: 'c0ffee00-0000-4000-8000-000000000001', outcome: 'denied' }] },
  ],
  [
    '/validate-policy',
    policyReview({ mode: 'enforc' }),
    { changes: [{ entry: 'policies', uid: 'c0ffee00-0000-4000-8000-000000000002', outcome: 'denied' }] },
  ],
  [
    '/validate-namespace',
    namespaceReview({ 'tallyman.dev/mode': 'audit' }),
    { changes: [{ entry: 'namespaces', uid: 'c0ffee00-0000-4000-8000-000000000003', outcome: 'warned' }] },
  ],
]
for (const [path, review, expected] of asked)
  t.test(`what ${path} answers is told when it has been sent`, async (t) => {
    const { told, entries: all } = entries(view())
    const answered = await all.get(path)?.(readReview(review))
    t.same([told.verdicts, told.changes], [[], []])
    answered?.report(0.001)
    t.match(told, expected)
    t.equal(told.verdicts.length + told.changes.length, 1)
  })
