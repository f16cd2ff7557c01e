import t from 'tap'
import { warningText } from './api-client.ts'

const cases: [header: string, text: string, why: string][] = [
  ['299 - "unknown field \\"spec.x\\""', 'unknown field "spec.x"', 'quotes are escaped'],
  ['299 - "a, b"', 'a, b', 'a comma is part of the text'],
  ['299 - "a \\\\ b" "Mon, 23 Nov 2026 08:00:00 GMT"', 'a \\ b', 'a date may follow'],
  ['no header of that form', 'no header of that form', 'kept as it is'],
]
for (const [header, text, why] of cases) {
  t.test(`a Warning header: ${why}`, async (t) => t.equal(warningText(header), text))
}
