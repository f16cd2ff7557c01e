import t from 'tap'
import { overviewLines } from '../../src/cli/explain-overview.ts'
import { explainReference } from '../../src/cli/explain-reference.ts'
import { plain } from '../../src/cli/terminal.ts'
import { TAG_KINDS } from '../../src/image/tag-kind.ts'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import { RULE_IDS } from '../../src/policy/rule-modes.ts'

const lines = overviewLines(builtInPolicy(), plain)

t.test('every kind and every rule has its line', async (t) => {
  for (const word of [...TAG_KINDS, ...RULE_IDS])
    t.ok(
      lines.some((line) => line.startsWith(`  ${word} `)),
      word,
    )
  for (const line of lines) t.ok(line.length <= 100, line)
})

t.test('the examples are what they are said to be', async (t) => {
  for (const kind of TAG_KINDS) {
    const line = lines.find((line) => line.startsWith(`  ${kind} `)) ?? ''
    const examples = line.slice(51).trim().split(', ')
    t.ok(examples.length > 0 && examples[0] !== '')
    for (const example of examples) {
      const reference = example.replace('<digest>', 'a1'.repeat(32))
      const explained = explainReference(reference, builtInPolicy())
      t.equal(explained.kind, kind, example)
      t.equal(explained.moving, line.includes('moves:'), example)
    }
  }
})
