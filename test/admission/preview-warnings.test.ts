import fc from 'fast-check'
import t from 'tap'
import { type PreviewOccasion, previewWarnings } from '../../src/admission/preview-warnings.ts'
import { ANSWER_ROOM } from '../../src/admission/warning-lines.ts'
import { RULE_IDS } from '../../src/policy/rule-modes.ts'
import { type Breakage, type Preview, TRIGGERS } from '../../src/preview/preview.ts'
import { isPlainLine } from './anything.ts'
import { breakage, preview } from './previews.ts'

const inTeamA: PreviewOccasion = {
  subject: 'Namespace/team-a',
  single: true,
  command: 'tallyman preview team-a',
  mayName: () => true,
}
const ofPolicy: PreviewOccasion = {
  subject: 'TagPolicy/default',
  single: false,
  command: 'tallyman preview -A --policy FILE',
  mayName: () => true,
}
const lines = (of: Preview, occasion: PreviewOccasion) => previewWarnings(of, occasion, ANSWER_ROOM)

const web = breakage('itself', 'Deployment/web in team-a', 'nginx', ['latestTag'])
const backup = breakage('next', 'CronJob/backup in team-a', 'busybox:1.36', ['partialTag'])
const report = breakage('next', 'CronJob/report in team-b', 'busybox:1.36', ['partialTag'])
const api = breakage('change', 'Deployment/api in team-a', 'registry.example.com/team/api', ['latestTag'])
const dated = { deniedFrom: '2026-12-07' }

const cases: [what: string, preview: Preview, occasion: PreviewOccasion, lines: string[]][] = [
  [
    'nothing in a namespace',
    preview([], { namespaces: new Map([['team-a', { workloads: 40, denied: 0 }]]) }),
    inTeamA,
    ['Namespace/team-a: none of its 40 workloads would be newly denied'],
  ],
  [
    'nothing in a cluster',
    preview([], {
      namespaces: new Map([
        ['team-a', { workloads: 1200, denied: 0 }],
        ['team-b', { workloads: 1, denied: 0 }],
      ]),
    }),
    ofPolicy,
    ['TagPolicy/default: none of the 1,201 workloads in 2 namespaces would be newly denied'],
  ],
  [
    'nothing as long as exemptions last',
    preview([], {
      namespaces: new Map([['team-a', { workloads: 40, denied: 0 }]]),
      exempt: [
        { name: 'vendor', expires: '2026-12-10', workloads: 1 },
        { name: 'agent', expires: '2027-01-11', workloads: 20_000, more: true },
        { name: 'istio', workloads: 3 },
      ],
    }),
    inTeamA,
    [
      'Namespace/team-a: none of its 40 workloads would be newly denied',
      'Namespace/team-a: exempt for now: 1 workload only until 2026-12-10 (vendor) and at least 20,000 workloads only until 2027-01-11 (agent)',
    ],
  ],
  [
    'nothing in what was read',
    preview([], { read: 3000, stopped: 'objects' }),
    inTeamA,
    [
      'Namespace/team-a: none of the 3,000 objects that were read would be newly denied',
      'Namespace/team-a: read 3,000 objects and no more; tallyman preview team-a reads all',
    ],
  ],
  [
    'one workload, in one line',
    preview([backup]),
    inTeamA,
    [
      'Namespace/team-a: 1 of 10 workloads would be denied at its next run or release [partialTag]: CronJob/backup (busybox:1.36)',
    ],
  ],
  [
    'one group, from a day, in several namespaces',
    preview([
      { ...backup, ...dated },
      { ...report, ...dated },
    ]),
    ofPolicy,
    [
      'TagPolicy/default: 2 of 20 workloads in 2 namespaces would be denied from 2026-12-07 at their next run or release [partialTag]: CronJob/backup in team-a (busybox:1.36) and CronJob/report in team-b (busybox:1.36)',
    ],
  ],
  [
    'several groups, the most important first',
    preview([api, report, backup, web]),
    ofPolicy,
    [
      'TagPolicy/default: 4 of 20 workloads in 2 namespaces would be denied: 1 with nobody touching it, 2 at their next run or release, 1 when its image is changed',
      'TagPolicy/default: 1 with nobody touching it [latestTag]: Deployment/web in team-a (nginx)',
      'TagPolicy/default: 2 at their next run or release [partialTag]: CronJob/report in team-b (busybox:1.36) and CronJob/backup in team-a (busybox:1.36)',
      'TagPolicy/default: 1 when its image is changed [latestTag]: Deployment/api in team-a (team/api)',
    ],
  ],
  [
    'days that differ stand with what is denied from them',
    preview([{ ...backup, ...dated }, report]),
    ofPolicy,
    [
      'TagPolicy/default: 2 of 20 workloads in 2 namespaces would be denied at their next run or release',
      'TagPolicy/default: 1 from 2026-12-07 at its next run or release [partialTag]: CronJob/backup in team-a (busybox:1.36)',
      'TagPolicy/default: 1 at its next run or release [partialTag]: CronJob/report in team-b (busybox:1.36)',
    ],
  ],
  [
    'a day that all have in common stands above',
    preview([
      { ...backup, ...dated },
      { ...web, ...dated },
    ]),
    inTeamA,
    [
      'Namespace/team-a: 2 of 10 workloads would be denied from 2026-12-07: 1 with nobody touching it, 1 at its next run or release',
      'Namespace/team-a: 1 with nobody touching it [latestTag]: Deployment/web (nginx)',
      'Namespace/team-a: 1 at its next run or release [partialTag]: CronJob/backup (busybox:1.36)',
    ],
  ],
  [
    'more than are known by name',
    preview([backup], { more: 30 }),
    inTeamA,
    [
      'Namespace/team-a: 31 of 31 workloads would be denied at its next run or release',
      'Namespace/team-a: 1 at its next run or release [partialTag]: CronJob/backup (busybox:1.36)',
    ],
  ],
  [
    'to whom no names may be told',
    preview([web, backup]),
    { ...inTeamA, mayName: () => false },
    [
      'Namespace/team-a: 2 of 10 workloads would be denied: 1 with nobody touching it, 1 at its next run or release',
      'Namespace/team-a: 1 with nobody touching it [latestTag]',
      'Namespace/team-a: 1 at its next run or release [partialTag]',
    ],
  ],
  [
    'to whom some names may be told',
    preview([backup, report]),
    { ...ofPolicy, mayName: ({ namespace }) => namespace === 'team-b' },
    [
      'TagPolicy/default: 2 of 20 workloads in 2 namespaces would be denied at their next run or release [partialTag]: CronJob/report in team-b (busybox:1.36) and 1 more',
    ],
  ],
  [
    'what is not known',
    preview([backup], {
      read: 812,
      stopped: 'time',
      unread: [
        { resource: 'jobs.batch', reason: 'jobs.batch is forbidden' },
        { resource: 'jobsets.jobset.x-k8s.io', reason: 'too' },
      ],
    }),
    inTeamA,
    [
      'Namespace/team-a: at least 1 workload would be denied at its next run or release [partialTag]: CronJob/backup (busybox:1.36)',
      'Namespace/team-a: read 812 objects in the time there is and no more; tallyman preview team-a reads all',
      'Namespace/team-a: could not read jobs.batch and jobsets.jobset.x-k8s.io: jobs.batch is forbidden',
    ],
  ],
]
for (const [what, of, occasion, expected] of cases)
  t.test(what, async (t) => t.same(lines(of, occasion), expected))

t.test('names that find no room are counted, and so are groups', async (t) => {
  const many = RULE_IDS.flatMap((rule, kind) =>
    TRIGGERS.flatMap((trigger) =>
      Array.from({ length: 40 + kind }, (_, index) =>
        breakage(trigger, `CronJob/job-with-a-long-name-${index} in team-a`, 'app', [rule]),
      ),
    ),
  )
  const said = lines(preview(many), inTeamA)
  t.ok(said.length <= 10)
  t.match(
    said[1],
    /: 47 with nobody touching them \[digestMissing\]: CronJob\/job-with-a-long-name-0 \(app\), .* and 4\d more$/,
  )
  t.match(said.at(-1), /^Namespace\/team-a: \d+ more workloads; tallyman preview team-a names all$/)
})

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', 'x'.repeat(5000), 'a\n- b', '\u001b[2J'),
)
const anyBreakage: fc.Arbitrary<Breakage> = fc.record({
  trigger: fc.constantFrom(...TRIGGERS),
  workload: fc.record({ namespace: text, group: text, kind: text, resource: text, name: text }),
  deniedFrom: fc.constantFrom('2026-12-07', '2027-01-11', undefined),
  images: fc.array(
    fc.record({
      container: text,
      image: text,
      rules: fc.uniqueArray(fc.constantFrom(...RULE_IDS)),
      problem: text,
      running: fc.constant([]),
    }),
    { maxLength: 3 },
  ),
})
const anyPreview: fc.Arbitrary<Preview> = fc.record({
  breakages: fc.array(anyBreakage, { maxLength: 40 }),
  more: fc.nat(1000),
  namespaces: fc
    .array(fc.tuple(text, fc.record({ workloads: fc.nat(), denied: fc.nat() })))
    .map((entries) => new Map(entries)),
  exempt: fc.array(
    fc.record({ name: text, expires: fc.constantFrom('2026-12-07', undefined), workloads: fc.nat() }),
    { maxLength: 3 },
  ),
  read: fc.nat(),
  stopped: fc.constantFrom('objects', 'time', undefined),
  unread: fc.array(fc.record({ resource: text, reason: text }), { maxLength: 3 }),
})

t.test('whatever a cluster holds, it is plain and fits', async () => {
  fc.assert(
    fc.property(
      anyPreview,
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: 5, max: 10 }),
      (of, single, named, room) => {
        const subject = `Namespace/${'a'.repeat(63)}`
        const command = `tallyman preview ${'a'.repeat(63)}`
        const occasion = { subject, single, command, mayName: () => named }
        const said = previewWarnings(of, occasion, { lines: room, characters: room * 200 })
        return (
          said.length > 0 &&
          said.length <= room &&
          said.every((line) => isPlainLine(line) && line.length <= 256 && line.startsWith(subject))
        )
      },
    ),
  )
})
