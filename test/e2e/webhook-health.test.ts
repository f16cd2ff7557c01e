import t from 'tap'
import { readHealth } from './webhook-health.ts'

const series = (name: string, labels: string, value: number) =>
  `apiserver_admission_webhook_${name}{${labels},type="validating"} ${value}\n`
const TALLYMAN = 'name="image-tags.tallyman.dev"'

t.test('answers are counted, whatever they say', async (t) => {
  const exposition =
    series('request_total', `code="200",${TALLYMAN},operation="CREATE",rejected="false"`, 3) +
    series('request_total', `code="403",${TALLYMAN},operation="UPDATE",rejected="true"`, 2) +
    series('request_total', 'code="200",name="other.example.com",operation="CREATE"', 7)
  t.same(readHealth(exposition), { answers: 5, errors: [] })
})

const errors: [what: string, series: string, isError: boolean][] = [
  ['a denial', series('rejection_count', `error_type="no_error",${TALLYMAN}`, 4), false],
  [
    'a call that failed',
    series('rejection_count', `error_type="calling_webhook_error",${TALLYMAN}`, 1),
    true,
  ],
  ['what was admitted for want of an answer', series('fail_open_count', TALLYMAN, 1), true],
]
for (const [what, exposition, isError] of errors) {
  t.test(`${what} is ${isError ? 'an error' : 'none'}`, async (t) =>
    t.same(readHealth(exposition).errors, isError ? [exposition.trim()] : []),
  )
}
