import t from 'tap'
import { countedErrors } from './counted-errors.ts'

const exposition = `# HELP tallyman_errors_total Requests that were not answered with a verdict
# TYPE tallyman_errors_total counter
tallyman_errors_total{reason="fault"} 0
tallyman_errors_total{reason="bad_json"} 10
tallyman_verdicts_total{outcome="denied"} 3
`

t.test('errors that were counted', async (t) =>
  t.strictSame(countedErrors(exposition), ['tallyman_errors_total{reason="bad_json"} 10']),
)
