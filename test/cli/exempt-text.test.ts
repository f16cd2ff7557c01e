import t from 'tap'
import { exemptText } from '../../src/cli/exempt-text.ts'

t.test('nothing', async (t) => t.equal(exemptText({ exempt: [] }), undefined))

t.test('what is spared, and until when', async (t) =>
  t.equal(
    exemptText({
      exempt: [
        { name: 'vendor', expires: '2026-12-10', workloads: 1 },
        { name: 'a\u001b', workloads: 20_000, more: true },
      ],
    }),
    'Exempt: 1 workload by vendor (only until 2026-12-10), at least 20,000 workloads by a\\u{1b}.',
  ),
)
