import t from 'tap'
import * as words from '../../src/image/words.ts'

const lists = Object.entries(words).filter(([, list]) => list instanceof Set) as [
  string,
  ReadonlySet<string>,
][]

t.test('there are word lists', async (t) => t.ok(lists.length > 5))

for (const [name, list] of lists) {
  t.test(`${name} holds whole components in lower case`, async (t) => {
    for (const word of list) t.match(word, /^[a-z0-9]+$/)
  })
}

t.test('a word that means a moving build means nothing else', async (t) => {
  const builds = [...words.REPLACED_BUILDS, ...words.BRANCH_BUILDS]
  for (const other of [words.CHANNELS, words.ENVIRONMENTS, words.PHASES, words.BASES, words.RUNTIMES]) {
    for (const word of builds) t.notOk(other.has(word), word)
  }
  for (const branch of words.BRANCHES) t.ok(builds.includes(branch), branch)
})

t.test('a list holds a word with a release number glued to it', async (t) => {
  t.ok(words.holds(words.BASES, 'alpine3.19.1'))
  t.ok(words.holds(words.RUNTIMES, 'php8.3'))
  t.notOk(words.holds(words.BASES, 'alpine3.19rc'))
  t.notOk(words.holds(words.BASES, 'xalpine'))
  t.notOk(words.holds(words.RUNTIMES, '3.19'))
  t.ok(words.holds(words.RUNTIMES, 'arm64v8'))
})
