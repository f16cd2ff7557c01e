import t from 'tap'
import { RULE_IDS } from '../../src/policy/rule-modes.ts'
import { suggestion } from '../../src/policy/suggestion.ts'

const cases: [word: string, known: readonly string[], meant: string | undefined][] = [
  ['latesttag', RULE_IDS, 'latestTag'],
  ['latest-tag', RULE_IDS, 'latestTag'],
  ['latest_tags', RULE_IDS, 'latestTag'],
  ['partailTag', RULE_IDS, 'partialTag'],
  ['digestMising', RULE_IDS, 'digestMissing'],
  ['latest', RULE_IDS, 'latestTag'],
  ['Stale', RULE_IDS, 'stalePull'],
  ['', RULE_IDS, undefined],
  ['namespace', ['namespaces', 'namespaceModes'], 'namespaces'],
  ['names', ['namespaces', 'namespaceModes'], undefined],
  ['imageTag', RULE_IDS, undefined],
  ['wran', ['warn', 'audit'], 'warn'],
  ['wxyz', ['warn', 'audit'], undefined],
  ['a', ['b', 'ab'], undefined],
  ['', ['a'], undefined],
  ['x'.repeat(100_000), ['x'], undefined],
]
t.test('what somebody probably meant', async (t) => {
  for (const [word, known, meant] of cases) t.equal(suggestion(word, known), meant, word.slice(0, 20))
})
