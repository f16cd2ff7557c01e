import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { compileGlob, globProblem, LONGEST_MATCHED } from '../../src/policy/glob.ts'

const cases: [glob: string, matches: string[], misses: string[]][] = [
  ['nginx', ['nginx'], ['', 'nginx2', 'my-nginx', 'NGINX']],
  ['*', ['', 'nginx', 'a.b-c_d'], ['library/nginx', '/']],
  ['**', ['', 'nginx', 'library/nginx', '/'], []],
  ['team-*', ['team-', 'team-a'], ['team', 'a-team-b', 'team-a/b']],
  ['team/*', ['team/a', 'team/'], ['team', 'team/a/b']],
  ['team/**', ['team/a', 'team/a/b'], ['team', 'steam/a']],
  [
    '**/postgres',
    ['library/postgres', 'a/b/postgres', '/postgres'],
    ['postgres', 'a/postgres/b', 'a/mypostgres'],
  ],
  ['*/*/c', ['a/b/c'], ['b/c', 'a/b/b/c']],
  ['a**b*c', ['abc', 'a/x/b/xb.c', 'abcbc'], ['ab/c', 'a/b/c/']],
  ['***', ['a/b'], []],
  ['v?', ['v1', 'va'], ['v', 'v12', 'v/']],
  ['1[0-9].*', ['10.', '19.2-alpine'], ['1.2', '20.1', '1a.2']],
  ['[!0-9]*', ['a', 'a1'], ['', '1', '/']],
  ['[a-cx-z_]', ['b', 'y', '_'], ['d', '-', 'ab']],
  ['[a-]', ['a', '-'], ['b']],
  ['[-a]', ['a', '-'], ['b']],
  ['a.b', ['a.b'], ['axb']],
  ['*-*', ['a-b', '-', 'a--b'], ['a']],
]
t.test('what globs take in', async (t) => {
  for (const [text, matches, misses] of cases) {
    const glob = compileGlob(text)
    for (const name of matches) t.ok(glob.matches(name), `${text} takes in "${name}"`)
    for (const name of misses) t.notOk(glob.matches(name), `${text} does not take in "${name}"`)
  }
})

t.test('what is no glob', async (t) => {
  const bad: [text: string, problem: RegExp][] = [
    ['', /is empty/],
    ['!a', /cannot be negated/],
    ['[a', /a "\[" without/],
    ['a]', /a "\]" without/],
    ['[]', /empty set/],
    ['[!]', /empty set \[!\]/],
    ['[]a]', /empty set/],
    ['[^a]', /write "\[!a\]"/],
    ['[z-a]', /z-a, which runs backwards/],
    ['[a/b]', /letters, digits/],
    ['{a,b}', /brace/],
    ['a\\*', /holds "\\\\"/],
    ['@(a|b)', /holds "\("/],
    ['ä', /holds "ä"/],
  ]
  for (const [text, problem] of bad) {
    t.match(globProblem(text), problem, text)
    t.throws(() => compileGlob(text))
  }
  for (const [text] of cases) t.equal(globProblem(text), undefined, text)
})

t.test('hostile patterns cost no more than pattern × text', async (t) => {
  // Each begins and ends as its glob does and holds its longest text, so that no shortcut tells them apart.
  const hostile: [glob: string, text: string][] = [
    ['*-*-*-*:*x', `${'-'.repeat(400)}x`],
    ['**a**a**a**a**a**b*', 'a'.repeat(400)],
    ['*a**a*a**a*a**b*', 'a/'.repeat(200)],
    [`${'*?'.repeat(100)}[b]*`, 'a'.repeat(400)],
    ['*[!b]*[!b]*[!b]*[b]?', 'a'.repeat(400)],
  ]
  for (const [text, name] of hostile) {
    const [once, twice] = [name, name.slice(0, -1) + name].map((candidate) => {
      const meter = { steps: 0 }
      t.notOk(compileGlob(text).matches(candidate, meter))
      t.ok(meter.steps <= text.length * candidate.length, `${text.slice(0, 20)}: ${meter.steps} steps`)
      t.ok(meter.steps > 0, 'the matcher was asked')
      return meter.steps
    }) as [number, number]
    t.ok(twice <= 2 * once + text.length, 'twice the text is at most twice the work')
  }
})

t.test('a text that is longer than any name matches nothing and costs nothing', async (t) => {
  const meter = { steps: 0 }
  t.notOk(compileGlob('**').matches('a'.repeat(LONGEST_MATCHED + 1), meter))
  t.equal(meter.steps, 0)
  t.ok(compileGlob('**').matches('a'.repeat(LONGEST_MATCHED)))
})

t.test('most names are told apart without a walk', async (t) => {
  const cases: [glob: string, name: string, matches: boolean, why: string][] = [
    ['vendor.example.com/**', 'team/app', false, 'the beginning'],
    ['**/agent', 'team/app', false, 'the end'],
    ['**/team-*/*', 'library/nginx', false, 'the longest text within'],
    ['*-rc*', '1.2.3', false, 'the longest text within'],
    ['*', '1.2.3', true, 'any tag'],
    ['*', 'team/app', false, 'but no slash'],
    ['**', 'team/app', true, 'any name'],
  ]
  for (const [glob, name, matches, why] of cases) {
    const meter = { steps: 0 }
    t.equal(compileGlob(glob).matches(name, meter), matches, `${glob}: ${why}`)
    t.equal(meter.steps, 0, `${glob}: no step for ${name}`)
  }
})

/** What a glob means, written down as plainly as can be: exponential, and right. */
function reference(glob: string, text: string): boolean {
  if (glob === '') return text === ''
  if (glob.startsWith('**')) {
    const rest = glob.replace(/^\*+/, '')
    return Array.from({ length: text.length + 1 }, (_, i) => text.slice(i)).some((tail) =>
      reference(rest, tail),
    )
  }
  if (glob.startsWith('*')) {
    return (
      reference(glob.slice(1), text) || (text !== '' && text[0] !== '/' && reference(glob, text.slice(1)))
    )
  }
  const [, set, negation, members = ''] = /^(\[(!?)([^\]]+)\])/.exec(glob) ?? []
  const first = text[0]
  if (first === undefined) return false
  if (set !== undefined) {
    return (
      first !== '/' &&
      members.includes(first) !== (negation === '!') &&
      reference(glob.slice(set.length), text.slice(1))
    )
  }
  return (glob[0] === first || (glob[0] === '?' && first !== '/')) && reference(glob.slice(1), text.slice(1))
}

t.test('the matcher agrees with a plain one', async () => {
  const globs = fc.array(fc.constantFrom('a', 'b', '/', '-', '*', '*', '**', '?', '[ab]', '[!a]', '[b-]'), {
    minLength: 1,
    maxLength: 7,
  })
  const names = fc.array(fc.constantFrom('a', 'b', '/', '-'), { maxLength: 8 })
  fc.assert(
    fc.property(globs, names, (glob, name) => {
      const [pattern, text] = [glob.join(''), name.join('')]
      assert.equal(compileGlob(pattern).matches(text), reference(pattern, text))
    }),
    { numRuns: 3000 },
  )
})
