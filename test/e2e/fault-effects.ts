import type { Test } from 'tap'
import { CLOSED, OPEN } from './failure-policies.ts'
import { type Create, wasJudged } from './pod-creates.ts'

/** How the API server begins a refusal for want of a verdict; what follows is the cause. */
const FAILED = 'Internal error occurred: failed calling webhook "image-tags.tallyman.dev": '

/**
 * Creates that no verdict can have been given for: failurePolicy Ignore lets each in, Fail refuses each with an error that
 * names the webhook and the cause.
 */
export function expectFault(t: Test, creates: readonly Create[], cause: RegExp): void {
  const texts = (namespace: string) => [
    ...new Set(creates.filter((create) => create.namespace === namespace).map(text)),
  ]
  t.strictSame(texts(OPEN), ['unjudged'], 'with Ignore each is let in')
  const refusals = texts(CLOSED)
  t.ok(refusals.length > 0, 'some were refused')
  for (const refusal of refusals) t.match(refusal, cause)
  for (const refusal of refusals) t.ok(refusal.startsWith(`failed ${FAILED}`), 'with Fail each is refused')
}

/** Creates from before, during and after a fault: whatever each met, it fell to its failurePolicy. */
export function expectFailurePolicies(t: Test, creates: readonly Create[]): void {
  const faulty = creates.filter((create) => !wasJudged(create))
  const wrong = faulty.filter(({ namespace, outcome, said }) =>
    namespace === OPEN ? outcome !== 'unjudged' : outcome !== 'failed' || !said.startsWith(FAILED),
  )
  t.strictSame([...new Set(wrong.map(text))], [])
  t.ok(faulty.length > 0, 'some met the fault')
}

function text({ outcome, said }: Create): string {
  return `${outcome} ${said}`.trim()
}
