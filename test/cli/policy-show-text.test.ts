import fc from 'fast-check'
import t from 'tap'
import { policyText } from '../../src/cli/policy-show-text.ts'
import { plain } from '../../src/cli/terminal.ts'
import { overviewOf } from '../../src/policy/namespace-overview.ts'
import { policySet } from '../../src/policy/policy-set.ts'
import { provenanceOf } from '../../src/policy/provenance.ts'
import type { TagPolicy } from '../../src/policy/schema.ts'
import { tagPolicies } from '../policy/tag-policies.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const tagPolicy = (spec: object): TagPolicy =>
  ({
    apiVersion: 'tallyman.dev/v1alpha1',
    kind: 'TagPolicy',
    metadata: { name: 'default' },
    spec,
  }) as TagPolicy

/** What is said of a namespace. */
function text(spec: object, labels: Record<string, string> = {}): string {
  const set = policySet(new Map([['default', tagPolicy(spec)]]))
  const shown = provenanceOf(set, { name: 'team-a', labels }, NOW)
  return policyText('Namespace team-a', { namespace: 'team-a', ...shown, refused: [] }, plain)
}

t.test('all of it, with a day that is to come', async (t) => {
  const said = text(
    {
      mode: 'enforce',
      enforceFrom: '2026-12-07',
      rules: { partialTag: 'warn' },
      helpURL: 'https://wiki.example.com',
      exemptions: [
        {
          name: 'far',
          images: ['vendor.example.com/agent:*'],
          containers: ['agent'],
          rules: ['latestTag'],
          reason: 'theirs',
          expires: '2026-12-24',
        },
        { name: 'today', images: ['a'], reason: 'r', expires: '2026-11-23' },
        { name: 'over', images: ['b'], reason: 'r', expires: '2026-11-22' },
        { name: 'other', images: ['c'], reason: 'r', namespaces: ['lab'] },
      ],
      cluster: {
        namespaceOverride: 'stricter',
        registries: [
          { host: 'a.example.com', buildNumbers: true },
          { host: 'b.example.com', retention: { default: '24h' } },
        ],
        workloads: [
          { group: 'example.com', kind: 'Engine', resource: 'engines', images: [{ image: 'spec.image' }] },
        ],
      },
    },
    { 'tallyman.dev/mode': 'audit' },
  )
  t.equal(
    said,
    `Namespace team-a
  mode        warn, from 2026-12-07 enforce (TagPolicy default, mode)
  policy      default (TagPolicy default)
  ignored     the label tallyman.dev/mode is ignored: the policy lets a namespace be stricter only,
              and here holds enforce from 2026-12-07
  debugging   at most warn for kubectl debug (built-in)
  owned       at most audit for what a controller makes (built-in)
  help        https://wiki.example.com (TagPolicy default)

Rules               today     from 2026-12-07  at most   set by
  latestTag         warn      enforce          enforce   built-in
  partialTag        warn      warn             warn      TagPolicy default
  floatingTag       warn      warn             warn      built-in
  stalePull         warn      warn             warn      built-in
  needlessPull      warn      warn             warn      built-in
  expiringImage     warn      warn             warn      built-in
  invalidReference  warn      enforce          enforce   built-in
  digestMissing     disabled  disabled         disabled  built-in

Exemptions (TagPolicy default)
  far: 31 days left, until the end of 2026-12-24 (UTC)
      vendor.example.com/agent:*; container agent; rule latestTag
      theirs
  today: 2026-11-23, today, is its last day
      a
      r
  over: void, it expired with 2026-11-22
      b
      r
  and 1 for other namespaces

The cluster
  namespaceOverride   stricter (TagPolicy default)
  controllers         cluster (built-in)
  trustedControllers  none (built-in)
  alwaysPullImages    false (built-in)
  registries          a.example.com keeps images and has build numbers, b.example.com deletes tags
                      after 24h (TagPolicy default)
  tagKinds.version    nvcr.io/nvidia/**:[0-9][0-9].[0-9][0-9]*, **/postgres:[1-9][0-9].[0-9]*,
                      **/pause:[0-9]*.[0-9]* (built-in)
  tagKinds.latest     none (built-in)
  tagKinds.partial    none (built-in)
  tagKinds.floating   none (built-in)
  workloads           Engine.example.com (TagPolicy default)
`,
  )
})

t.test('without a day there is no column for it', async (t) => {
  t.match(text({}), /\nRules {15}today {5}at most {3}set by\n {2}latestTag {9}warn {6}enforce {3}built-in\n/)
  t.match(text({ exemptions: [] }), '\nExemptions (TagPolicy default)\n  none\n')
})

t.test('whatever a policy says, lines fit 100 columns and hold nothing that a terminal obeys', async (t) => {
  fc.assert(
    fc.property(
      tagPolicies,
      fc.dictionary(
        fc.constantFrom('tallyman.dev/mode', 'tallyman.dev/policy'),
        fc.string({ unit: 'binary' }),
      ),
      ({ spec }, labels) => {
        for (const line of text(spec, labels).split('\n')) {
          if (line.length > 100 && line.trim().includes(' ')) t.fail(line)
          // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
          if (/[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/.test(line)) t.fail(JSON.stringify(line))
        }
      },
    ),
    { numRuns: 200 },
  )
  const reason = tagPolicy({ exemptions: [{ name: 'a', images: ['a'], reason: 'a\u001b[2J\nb' }] })
  t.match(text(reason.spec), '\n      a\\u{1b}[2J\\u{a}b\n')
})

t.test('many namespaces are counted', async (t) => {
  const set = policySet(new Map([['default', tagPolicy({ mode: 'enforce' })]]))
  const name = (index: number) => `team-${String(index).padStart(2, '0')}`
  const labels = { 'tallyman.dev/mode': 'off' }
  const namespaces = new Map(
    Array.from({ length: 40 }, (_, index) => [name(index), { name: name(index), labels }]),
  )
  const shown = provenanceOf(set, undefined, NOW)
  const others = [{ name: 'lab', namespaces: ['lab-*'] }, { name: 'any' }]
  const overview = overviewOf(set, namespaces, NOW)
  const said = policyText(
    'The cluster',
    { namespace: null, ...shown, others, namespaces: overview, refused: [] },
    plain,
  )
  t.match(said, '  enforce: 40 namespaces with default (TagPolicy default, mode)\n      team-00, team-01, ')
  t.match(said, /team-11 and\n? *28 more\n/)
  t.match(said, '\n  no namespace has TagPolicy lab, which is for lab-*\n  no namespace has TagPolicy any\n')
  t.match(said, '\n  team-09: the label ')
  t.notMatch(said, '\n  team-10: the label ')
  t.match(said, '\n  and 30 more labels that are ignored\n')
})
