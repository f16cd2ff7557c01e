import t from 'tap'
import { textPreview } from '../../src/cli/preview-text.ts'
import { plain } from '../../src/cli/terminal.ts'
import { DIGEST } from '../preview/objects.ts'
import { breakage, GROUPS, report } from './preview-reports.ts'

const text = (given: Parameters<typeof textPreview>[0]) => textPreview(given, plain)

t.test('each workload under what has to happen first', async (t) => {
  const own = breakage({ trigger: 'itself', deniedFrom: '2026-12-07' })
  t.equal(
    text(report([own, breakage()])),
    `Denied with nobody touching it, when a controller makes it again: 1 workload
  team-a: Deployment/web, from 2026-12-07
    container "main" [partialTag]: busybox:1.36 moves to each new 1.36.z
    2 versions run under this name now; this is the most frequent one:
      image: busybox:1.36@${DIGEST}

Denied only when its image changes: 1 workload
  team-a: Deployment/web
    container "main" [partialTag]: busybox:1.36 moves to each new 1.36.z
    2 versions run under this name now; this is the most frequent one:
      image: busybox:1.36@${DIGEST}

2 workloads would be denied, of 3 in 1 namespace (9 objects read).
`,
  )
})

t.test('a table where counts by a label are asked for', async (t) => {
  t.equal(
    text(report([breakage()], GROUPS)),
    `team    workloads  would be denied  in order
vision          3                1      66 %
(none)          0                0          

1 workload would be denied, of 3 in 1 namespace (9 objects read).
`,
  )
})

t.test('what is left out is said', async (t) => {
  const { preview } = report([breakage()])
  t.match(
    text({ preview: { ...preview, more: 5, stopped: 'objects' } }),
    /^6 workloads would be denied.* 5 of them are not shown\. It stopped before/m,
  )
})

t.test('nothing of the cluster reaches the terminal as it is', async (t) => {
  const [image] = breakage().images
  const evil = {
    ...image,
    container: 'a\nb',
    image: 'x\u001b[2J',
    problem: '\u0007',
    remedy: 'y\r',
    running: [],
    rules: ['latestTag'] as const,
  }
  const found = text(report([breakage({ images: [evil] })]))
  t.notOk(
    ['\u001b', '\u0007', '\r'].some((character) => found.includes(character)),
    found,
  )
  t.match(found, 'container "a\\u{a}b"')
})
