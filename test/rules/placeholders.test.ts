import t from 'tap'
import { fillPlaceholders, PLACEHOLDERS } from '../../src/rules/placeholders.ts'

for (const [written, filled] of [
  ['nginx:<version>', 'nginx:1.4.2'],
  ['nginx:1.<minor>.<patch>-alpine', 'nginx:1.4.2-alpine'],
  ['<registry>/nginx:<version>', 'registry.example.com/nginx:1.4.2'],
  ['nginx@sha256:<digest>', `nginx@sha256:${PLACEHOLDERS['<digest>']}`],
  ['nginx:<other>', 'nginx:<other>'],
] as const) {
  t.test(`${written} is filled`, async (t) => t.equal(fillPlaceholders(written), filled))
}

t.test('the digest has the length of a SHA-256', async (t) =>
  t.match(PLACEHOLDERS['<digest>'], /^[0-9a-f]{64}$/),
)
