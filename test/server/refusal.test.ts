import t from 'tap'
import { Refusal } from '../../src/server/refusal.ts'

const HOSTILE = `\u001b[2J\r\nX-Injected: 1\u202e${'x'.repeat(5000)}`

const refusals: [refusal: Refusal, status: number][] = [
  [Refusal.aborted, 400],
  [Refusal.badHttp, 400],
  [Refusal.badJson(new Error(HOSTILE)), 400],
  [Refusal.badReview(HOSTILE), 400],
  [Refusal.badUtf8, 400],
  [Refusal.contentType(HOSTILE), 415],
  [Refusal.contentType(undefined), 415],
  [Refusal.empty, 400],
  [Refusal.fault(HOSTILE), 500],
  [Refusal.fault(undefined), 500],
  [Refusal.headerSize, 431],
  [Refusal.method(HOSTILE, '/validate-policy'), 405],
  [Refusal.path(HOSTILE), 404],
  [Refusal.timeout, 408],
  [Refusal.tooLarge, 413],
  [Refusal.tooManyValues, 413],
]
for (const [{ status, reason, text }, expected] of refusals) {
  t.test(`${reason} is a ${expected} with one short line`, async (t) => {
    t.equal(status, expected)
    t.match(text, /^[\x20-\x7e]{20,1200}$/)
    t.match(reason, /^[a-z0-9_]+$/, 'a label of a metric')
  })
}

t.test('what came too late is told both of its times', async (t) => {
  t.match(Refusal.timeout.text, / 10 seconds, .* 30$/)
})
