import t from 'tap'
import { readSwitchLabels } from '../../src/policy/namespace-labels.ts'

const WARN = { mode: 'warn', source: 'mode' } as const

t.test('no label asks for nothing', async (t) => {
  t.same(readSwitchLabels({}, WARN), { chosen: undefined, problems: [] })
})

t.test('a mode and its day', async (t) => {
  t.same(
    readSwitchLabels({ 'tallyman.dev/mode': 'enforce', 'tallyman.dev/enforce-from': '2027-01-11' }, WARN),
    {
      chosen: { mode: 'enforce', enforceFrom: '2027-01-11', source: 'label tallyman.dev/mode' },
      problems: [],
    },
  )
})

t.test('a label that no API server would take is shown harmlessly', async (t) => {
  const { chosen, problems } = readSwitchLabels(
    { 'tallyman.dev/mode': `\u001b[31m\n${'x'.repeat(500)}` },
    WARN,
  )
  t.equal(chosen, undefined)
  t.equal(problems.length, 1)
  t.notMatch(problems[0], /\p{C}/u)
  t.ok((problems[0] as string).length < 200)
})

t.test('names of Object.prototype are no labels', async (t) => {
  const labels = Object.create({ 'tallyman.dev/mode': 'disabled' })
  t.same(readSwitchLabels(labels, WARN).chosen, undefined)
})
