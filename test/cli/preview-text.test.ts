import t from 'tap'
import { textPreview } from '../../src/cli/preview-text.ts'
import { plain } from '../../src/cli/terminal.ts'
import type { Breakage, BrokenImage } from '../../src/preview/preview.ts'
import { DIGEST } from '../preview/objects.ts'
import { breakage, GROUPS, report } from './preview-reports.ts'

const text = (given: Parameters<typeof textPreview>[0]) => textPreview(given, plain)

const [IMAGE] = breakage().images
const image = (more: Partial<BrokenImage>): Breakage['images'] => [{ ...(IMAGE as BrokenImage), ...more }]

t.test('each image under what has to happen first, with what to write', async (t) => {
  const own = breakage({ trigger: 'itself', deniedFrom: '2026-12-07' })
  const now = breakage({ trigger: 'itself', workload: { ...own.workload, name: 'api' } })
  t.equal(
    text(report([own, now, breakage()])),
    `Denied with nobody touching it, when a controller makes it again: 2 workloads
  NAMESPACE  WORKLOAD        CONTAINER  RULE        FROM        IMAGE
  team-a     Deployment/web  main       partialTag  2026-12-07  busybox:1.36
      image: busybox:1.36@${DIGEST}
      # 2 versions run under this name now, this one most often
  team-a     Deployment/api  main       partialTag  now         busybox:1.36
      image: busybox:1.36@${DIGEST}
      # 2 versions run under this name now, this one most often

Denied only when its image changes: 1 workload
  NAMESPACE  WORKLOAD        CONTAINER  RULE        IMAGE
  team-a     Deployment/web  main       partialTag  busybox:1.36
      image: busybox:1.36@${DIGEST}
      # 2 versions run under this name now, this one most often

3 workloads would be denied, of 3 in 1 namespace (9 objects read).
tallyman explain partialTag says what that rule asks.
`,
  )
})

t.test('an exemption that covers it no more', async (t) => {
  const images = image({ running: [], expired: { name: 'vendor', expires: '2026-12-10' } })
  t.match(
    text(report([breakage({ images })])),
    `      image: busybox:1.36@${DIGEST}\n      # exempt only until 2026-12-10, by vendor\n`,
  )
})

t.test('prose and tables fit 100 columns; what is to be pasted stays whole', async (t) => {
  const long = 'registry.console.elementai.com/vision/resnet-for-the-second-shift:latest'
  const images = image({
    image: long,
    container: 'trainer-of-the-second-shift',
    replacement: {
      image: `${long}@${DIGEST}`,
      pullPolicy: 'IfNotPresent',
      pullPolicyField: 'imagePullPolicy',
      command: `crane copy ${long} elsewhere`,
    },
  })
  const lines = text(report([breakage({ images })])).split('\n')
  t.ok(lines.includes(`      ${long}`), 'the image on a line of its own')
  t.ok(lines.includes(`      # first: crane copy ${long} elsewhere`))
  t.ok(lines.includes('      imagePullPolicy: IfNotPresent'))
  for (const line of lines) t.ok(line.length <= 100 || line.includes(long), line)
})

t.test('a container without a name, an object of cluster scope, an image that makes no sense', async (t) => {
  const workload = { ...breakage().workload, namespace: '', kind: 'ClusterTask', name: 'build' }
  const images = image({ container: '', image: '', replacement: undefined, running: [] })
  t.match(
    text(report([breakage({ workload, images })])),
    /^ {2}- +ClusterTask\/build {2}- +partialTag {2}-$/m,
  )
})

t.test('a table where counts by a label are asked for', async (t) => {
  t.equal(
    text(report([breakage()], GROUPS)),
    `team    workloads  would be denied  in order
vision          3                1      66 %
(none)          0                0         -

1 workload would be denied, of 3 in 1 namespace (9 objects read).
`,
  )
})

t.test('what is left out is said', async (t) => {
  const { preview } = report([breakage()])
  t.match(
    text({ preview: { ...preview, more: 5, unread: [{ resource: 'pods', reason: 'forbidden' }] } }),
    /^6 workloads would be denied.* 5 of them are not shown\. Not all\ncould be read\.$/m,
  )
})

t.test('nothing is not everything where something could not be read', async (t) => {
  const { preview } = report([])
  t.match(text({ preview }), /^Nothing would be denied, of 3/)
  const unread = [{ resource: 'pods', reason: 'forbidden' }]
  t.match(text({ preview: { ...preview, unread } }), /^Nothing that could be read would be denied, of 3/)
})

t.test('nothing of the cluster reaches the terminal as it is', async (t) => {
  const evil = image({
    container: 'a\nb',
    image: 'x\u001b[2J',
    problem: '\u0007',
    replacement: { image: 'y\r', command: 'crane copy \u001b a' },
  })
  const workload = { ...breakage().workload, name: 'a\u001b]0;b\u0007', namespace: '\u009b2J' }
  const found = text(report([breakage({ workload, images: evil })]))
  t.notOk(
    ['\u001b', '\u0007', '\r', '\u009b'].some((character) => found.includes(character)),
    found,
  )
  t.match(found, ' a\\u{a}b ')
})
