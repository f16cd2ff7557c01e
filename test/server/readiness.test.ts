import t from 'tap'
import { type Check, readiness } from '../../src/server/readiness.ts'

const fine: Check = { name: 'policy', problem: () => undefined }
const expired: Check = { name: 'certificate', problem: () => 'expired on 2026-11-22' }

const ailing: Check = { ...fine, fault: () => 'cannot be renewed' }

const cases: [what: string, checks: Check[], ready: boolean, text: string][] = [
  ['all hold', [fine], true, '[+] policy\nready\n'],
  ['one does not', [expired, fine], false, '[-] certificate: expired on 2026-11-22\n[+] policy\nnot ready\n'],
  ['one holds, for now', [ailing], true, '[+] policy, for now: cannot be renewed\nready\n'],
  [
    'one does not, and says why once',
    [{ ...expired, fault: () => 'a' }],
    false,
    '[-] certificate: expired on 2026-11-22\nnot ready\n',
  ],
  ['nothing to check', [], true, 'ready\n'],
]
for (const [what, checks, ready, text] of cases) {
  t.test(what, async (t) => t.strictSame(readiness(checks), { ready, text }))
}
