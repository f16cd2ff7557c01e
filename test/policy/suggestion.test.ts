import t from 'tap'
import { RULE_IDS } from '../../src/policy/rule-modes.ts'
import { begunBy, suggestion } from '../../src/policy/suggestion.ts'

const cases: [word: string, known: readonly string[], meant: string | undefined][] = [
  ['latesttag', RULE_IDS, 'latestTag'],
  ['latest-tag', RULE_IDS, 'latestTag'],
  ['latest_tags', RULE_IDS, 'latestTag'],
  ['partailTag', RULE_IDS, 'partialTag'],
  ['digestMising', RULE_IDS, 'digestMissing'],
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

const beginnings: [word: string, known: readonly string[], meant: string | undefined][] = [
  ['latest', RULE_IDS, 'latestTag'],
  ['Stale', RULE_IDS, 'stalePull'],
  ['late', RULE_IDS, undefined],
  ['', RULE_IDS, undefined],
  ['names', ['namespaces', 'namespaceModes'], undefined],
]
t.test('what a name begins with', async (t) => {
  for (const [word, known, meant] of beginnings) t.equal(begunBy(word, known), meant, word)
})
