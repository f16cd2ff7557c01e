import fc from 'fast-check'
import t from 'tap'
import { parseReference } from '../../src/image/reference.ts'

const HEX = 'f'.repeat(64)

/** Legal references with their parts, after the table of distribution's own parser. */
const legal: [
  text: string,
  name: string,
  registry: string,
  repository: string,
  tag?: string,
  digest?: string,
][] = [
  ['nginx', 'nginx', 'docker.io', 'library/nginx'],
  ['test_com', 'test_com', 'docker.io', 'library/test_com'],
  ['test.com:tag', 'test.com', 'docker.io', 'library/test.com', 'tag'],
  ['test.com:5000', 'test.com', 'docker.io', 'library/test.com', '5000'],
  ['test.com/repo:tag', 'test.com/repo', 'test.com', 'repo', 'tag'],
  ['test:5000/repo', 'test:5000/repo', 'test:5000', 'repo'],
  ['test:5000/repo:tag', 'test:5000/repo', 'test:5000', 'repo', 'tag'],
  [`test:5000/repo@sha256:${HEX}`, 'test:5000/repo', 'test:5000', 'repo', undefined, `sha256:${HEX}`],
  [`test:5000/repo:tag@sha256:${HEX}`, 'test:5000/repo', 'test:5000', 'repo', 'tag', `sha256:${HEX}`],
  [`a@sha512:${HEX}${HEX}`, 'a', 'docker.io', 'library/a', undefined, `sha512:${HEX}${HEX}`],
  ['lowercase:Uppercase', 'lowercase', 'docker.io', 'library/lowercase', 'Uppercase'],
  ['Uppercase/lowercase:tag', 'Uppercase/lowercase', 'Uppercase', 'lowercase', 'tag'],
  ['localhost:5000/foo', 'localhost:5000/foo', 'localhost:5000', 'foo'],
  ['localhost/foo', 'localhost/foo', 'localhost', 'foo'],
  [
    'sub-dom1.foo.com/bar/baz:some-tag',
    'sub-dom1.foo.com/bar/baz',
    'sub-dom1.foo.com',
    'bar/baz',
    'some-tag',
  ],
  ['xn--n3h.com/app:xn--n3h.com', 'xn--n3h.com/app', 'xn--n3h.com', 'app', 'xn--n3h.com'],
  ['foo/foo_bar.com:8080', 'foo/foo_bar.com', 'docker.io', 'foo/foo_bar.com', '8080'],
  ['192.168.1.1:5000/repo:5050', '192.168.1.1:5000/repo', '192.168.1.1:5000', 'repo', '5050'],
  ['[2001:db8::1]/repo', '[2001:db8::1]/repo', '[2001:db8::1]', 'repo'],
  ['[::1]:5000/repo:tag', '[::1]:5000/repo', '[::1]:5000', 'repo', 'tag'],
  ['index.docker.io/nginx:1', 'index.docker.io/nginx', 'docker.io', 'library/nginx', '1'],
  ['docker.io/team/app', 'docker.io/team/app', 'docker.io', 'team/app'],
  [`${HEX}:tag`, HEX, 'docker.io', `library/${HEX}`, 'tag'],
  ['nginx:1/app', 'nginx:1/app', 'nginx:1', 'app'],
]
for (const [original, name, registry, repository, tag, digest] of legal) {
  t.test(`parses ${original}`, async (t) => {
    const expected = { valid: true, original, name, registry, repository } as Record<string, unknown>
    if (tag !== undefined) expected.tag = tag
    if (digest !== undefined) expected.digest = digest
    t.strictSame(parseReference(original), expected)
  })
}

const illegal = [
  '',
  ':justtag',
  `@sha256:${HEX}`,
  'repo@sha256:ffffffffffffffffffffffffffffffffff',
  `validname@invaliddigest:${HEX}`,
  'Uppercase:tag',
  'test:5000/Uppercase/lowercase:tag',
  `${'a/'.repeat(128)}a:tag`,
  'aa/asdf$$^/aa',
  '[2001:db8::1]',
  '[2001:db8::1]:5000',
  '[2001:db8::1]:tag',
  '[fe80::1%eth0]:5000/repo',
  HEX,
  `a${'/'.repeat(9)}`,
  'nginx:latest/foo',
  `nginx@sha256:${HEX}@sha256:${HEX}`,
  'nginx:1\n',
]
for (const text of illegal) {
  t.test(`refuses ${JSON.stringify(text).slice(0, 80)}`, async (t) => {
    const parsed = parseReference(text)
    t.equal(parsed.valid, false)
    t.equal(parsed.original, text)
  })
}

const alphanumeric = fc.stringMatching(/^[a-z0-9]{1,8}$/)
const component = fc
  .tuple(
    alphanumeric,
    fc.array(fc.tuple(fc.constantFrom('.', '_', '__', '-', '---'), alphanumeric), { maxLength: 2 }),
  )
  .map(([head, tail]) => head + tail.flat().join(''))
const path = fc.array(component, { minLength: 1, maxLength: 3 }).map((all) => all.join('/'))
const host = fc.oneof(
  fc.constant('localhost'),
  fc.tuple(alphanumeric, fc.nat(65535)).map(([name, port]) => `${name}:${port}`),
  fc.tuple(alphanumeric, alphanumeric).map((labels) => labels.join('.')),
)
const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/)
const digest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`)

t.test('the parts of a reference that was built of parts come back', async (t) => {
  fc.assert(
    fc.property(
      host,
      path,
      fc.option(tag, { nil: undefined }),
      fc.option(digest, { nil: undefined }),
      (host, path, tag, digest) => {
        const name = `${host}/${path}`
        const original =
          name + (tag === undefined ? '' : `:${tag}`) + (digest === undefined ? '' : `@${digest}`)
        const parsed = parseReference(original)
        t.match(parsed, { valid: true, original, name, registry: host, repository: path })
        t.equal(parsed.valid && parsed.tag, tag)
        t.equal(parsed.valid && parsed.digest, digest)
      },
    ),
    { numRuns: 200 },
  )
})

t.test('any text parses or is refused with a clause, and is kept', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'aA1:/@._-+<>{}$ \n\u0000'.split('')), maxLength: 60 }),
  )
  fc.assert(
    fc.property(text, (text) => {
      const parsed = parseReference(text)
      if (parsed.original !== text) return false
      return parsed.valid || (parsed.problem.length > 0 && parsed.problem.length < 300)
    }),
    { numRuns: 2000 },
  )
})
