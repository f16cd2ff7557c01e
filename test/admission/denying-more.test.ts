import t from 'tap'
import { denyingMore } from '../../src/admission/denying-more.ts'
import { clusterRegime } from '../../src/policy/regime.ts'
import { type Specs, setOf } from './views.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
type Labels = Readonly<Record<string, string>>

const LAB = { 'tallyman.dev/policy': 'lab' }
const NAMESPACES: Readonly<Record<string, Labels>> = {
  a: {},
  lab: LAB,
  strict: { 'tallyman.dev/mode': 'enforce' },
  lax: { 'tallyman.dev/mode': 'warn' },
}

function hit(before: Specs, after: Specs, labels = NAMESPACES, labelsAfter = labels): string[] {
  const [policiesBefore, policiesAfter] = [setOf(before), setOf(after)]
  const known = (of: Readonly<Record<string, Labels>>) =>
    new Map(Object.entries(of).map(([name, labels]) => [name, { name, labels }]))
  const regimes = {
    before: clusterRegime(policiesBefore, known(labels)),
    after: clusterRegime(policiesAfter, known(labelsAfter)),
    policiesBefore,
    policiesAfter,
  }
  return denyingMore(regimes, [...Object.keys(labelsAfter), ''], NOW)
}

const enforced = (more: object = {}) => ({ default: { mode: 'enforce', ...more } })
const exemption = { name: 'a', images: ['a'], reason: 'r' }
const cases: [what: string, before: Specs, after: Specs, hit: string[]][] = [
  ['nothing changed', enforced(), enforced(), []],
  ['warn becomes enforce', {}, enforced(), ['a', 'lab', '']],
  ['warn becomes enforce on a day', {}, enforced({ enforceFrom: '2026-12-07' }), ['a', 'lab', '']],
  ['that day has gone by already', enforced(), enforced({ enforceFrom: '2026-11-01' }), []],
  [
    'the day comes earlier',
    enforced({ enforceFrom: '2026-12-07' }),
    enforced({ enforceFrom: '2026-12-06' }),
    ['a', 'lab', ''],
  ],
  [
    'the day comes later',
    enforced({ enforceFrom: '2026-12-07' }),
    enforced({ enforceFrom: '2026-12-08' }),
    [],
  ],
  ['enforce becomes warn', enforced(), { default: { mode: 'warn' } }, []],
  [
    'audit becomes warn, which denies nothing',
    { default: { mode: 'audit' } },
    { default: { mode: 'warn' } },
    [],
  ],
  [
    'a mode for some namespaces',
    {},
    { default: { namespaceModes: [{ namespaces: ['a'], mode: 'enforce' }] } },
    ['a'],
  ],
  [
    'a rule changes where nothing is denied',
    {},
    { default: { rules: { floatingTag: 'enforce' } } },
    ['strict'],
  ],
  ['a rule changes', enforced(), enforced({ rules: { floatingTag: 'enforce' } }), ['a', 'lab', 'strict', '']],
  ['a rule is written that held already', enforced(), enforced({ rules: { latestTag: 'enforce' } }), []],
  [
    'an exemption goes',
    enforced({ exemptions: [exemption] }),
    enforced({ exemptions: [] }),
    ['a', 'lab', 'strict', ''],
  ],
  [
    'facts about the cluster change',
    enforced(),
    enforced({ cluster: { alwaysPullImages: true } }),
    ['a', 'lab', 'strict', ''],
  ],
  ['only where to read more changes', enforced(), enforced({ helpURL: 'https://wiki.example.com/tags' }), []],
  [
    'only who may choose changes',
    { lab: { mode: 'enforce' } },
    { lab: { mode: 'enforce', namespaces: ['lab'] } },
    [],
  ],
  ['a policy that somebody waits for', {}, { lab: { mode: 'enforce' } }, ['lab']],
  ['one that held there goes', { ...enforced(), lab: { mode: 'warn' } }, enforced(), ['lab']],
  [
    'a laxer one is no longer offered',
    { ...enforced(), lab: { mode: 'warn' } },
    { ...enforced(), lab: { mode: 'warn', namespaces: ['b'] } },
    ['lab'],
  ],
  [
    'facts about the cluster change for others too',
    { default: {}, lab: { mode: 'enforce' } },
    { default: { cluster: { alwaysPullImages: true } }, lab: { mode: 'enforce' } },
    ['lab', 'strict'],
  ],
]
for (const [what, before, after, expected] of cases)
  t.test(what, async (t) => t.same(hit(before, after), expected))

const labels: [what: string, specs: Specs, before: Labels, after: Labels, hit: boolean][] = [
  ['a label makes it enforce', {}, {}, { 'tallyman.dev/mode': 'enforce' }, true],
  [
    'a label that is ignored',
    { default: { cluster: { namespaceOverride: 'ignored' } } },
    {},
    { 'tallyman.dev/mode': 'enforce' },
    false,
  ],
  ['a lax label goes', enforced(), { 'tallyman.dev/mode': 'warn' }, {}, true],
  [
    'another policy, whose rules differ',
    { ...enforced(), lab: { mode: 'enforce', rules: { floatingTag: 'enforce' } } },
    {},
    LAB,
    true,
  ],
  ['another policy, whose rules are the same', { ...enforced(), lab: { mode: 'enforce' } }, {}, LAB, false],
]
for (const [what, specs, before, after, expected] of labels)
  t.test(what, async (t) => t.same(hit(specs, specs, { a: before }, { a: after }), expected ? ['a'] : []))

t.test('where it takes too long to look, there may be more', async (t) => {
  const globs = Array.from({ length: 100 }, (_, index) => `team-${index}`)
  const huge = { namespaceModes: Array.from({ length: 400 }, () => ({ namespaces: globs, mode: 'warn' })) }
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`n${index}`, {}]))
  const found = hit(
    { default: huge },
    { default: { ...huge, helpURL: 'https://wiki.example.com/tags' } },
    many,
  )
  t.ok(found.length > 0 && found.length < 51, `${found.length}`)
  t.equal(found.at(-1), '')
})
