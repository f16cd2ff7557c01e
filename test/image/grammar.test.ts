import t from 'tap'
import {
  cutReference,
  isBareIdentifier,
  isLegal,
  isLegalDigest,
  isLegalHost,
  isLegalPath,
  isLegalTag,
  MAX_REFERENCE_LENGTH,
  MAX_TAG_LENGTH,
  normalise,
} from '../../src/image/grammar.ts'

const HEX = '3f2a1bc9d0e8f7a6b5c4d3e2f1a0b9c83f2a1bc9d0e8f7a6b5c4d3e2f1a0b9c8'

const cuts: [text: string, parts: ReturnType<typeof cutReference>][] = [
  ['nginx', { name: 'nginx', host: undefined, path: 'nginx', tag: undefined, digest: undefined }],
  ['nginx:1', { name: 'nginx', host: undefined, path: 'nginx', tag: '1', digest: undefined }],
  ['test:5000/a', { name: 'test:5000/a', host: 'test:5000', path: 'a', tag: undefined, digest: undefined }],
  ['test:5000', { name: 'test', host: undefined, path: 'test', tag: '5000', digest: undefined }],
  ['team/a:1@x:y', { name: 'team/a', host: undefined, path: 'team/a', tag: '1', digest: 'x:y' }],
  ['[::1]:5000/a:b', { name: '[::1]:5000/a', host: '[::1]:5000', path: 'a', tag: 'b', digest: undefined }],
  ['', { name: '', host: undefined, path: '', tag: undefined, digest: undefined }],
]
for (const [text, parts] of cuts) {
  t.test(`cuts ${JSON.stringify(text)}`, async (t) => t.same(cutReference(text), parts))
}

const hosts: [host: string, legal: boolean][] = [
  ['registry.example.com', true],
  ['registry.example.com:5000', true],
  ['UPPER', true],
  ['xn--n3h.com', true],
  ['foo_bar.com', true],
  ['[2001:db8::1]:5000', true],
  ['[::1', false],
  ['[fe80::1%eth0]', false],
  ['a..b', false],
  ['-a.com', false],
  ['a.com:port', false],
  ['foo_bar.com:5000', false],
]
for (const [host, legal] of hosts) {
  t.test(`host ${host} is ${legal ? '' : 'not '}legal`, async (t) => t.equal(isLegalHost(host), legal))
}

const paths: [path: string, legal: boolean][] = [
  ['a', true],
  ['a/b-c/d__e/f.g/h---i', true],
  ['a___b', false],
  ['a..b', false],
  ['a-', false],
  ['A', false],
  ['a//b', false],
  ['', false],
]
for (const [path, legal] of paths) {
  t.test(`path ${JSON.stringify(path)} is ${legal ? '' : 'not '}legal`, async (t) =>
    t.equal(isLegalPath(path), legal),
  )
}

const digests: [digest: string, legal: boolean][] = [
  [`sha256:${HEX}`, true],
  [`sha384:${HEX}${HEX.slice(32)}`, true],
  [`sha512:${HEX}${HEX}`, true],
  [`sha256:${HEX}00`, false],
  [`sha512:${HEX}`, false],
  [`md5:${HEX}`, false],
  [`sha256:${HEX.toUpperCase()}`, false],
  [HEX, false],
  [`:${HEX}`, false],
  ['constructor:', false],
]
for (const [digest, legal] of digests) {
  t.test(`digest ${digest} is ${legal ? '' : 'not '}legal`, async (t) =>
    t.equal(isLegalDigest(digest), legal),
  )
}

t.test('a tag has at most 128 characters', async (t) => {
  t.ok(isLegalTag('a'.repeat(MAX_TAG_LENGTH)))
  t.notOk(isLegalTag('a'.repeat(MAX_TAG_LENGTH + 1)))
  t.notOk(isLegalTag('.a'))
  t.ok(isLegalTag('_'))
})

t.test('a line break at the end is no part of a name, a tag or a digest', async (t) => {
  t.notOk(isLegalPath('a\n'))
  t.notOk(isLegalTag('a\n'))
  t.notOk(isLegalHost('a.com\n'))
  t.notOk(isLegalDigest(`sha256:${HEX.slice(1)}\n`))
})

t.test('64 hex digits alone are an image ID', async (t) => {
  t.ok(isBareIdentifier(HEX))
  t.notOk(isLegal(HEX, cutReference(HEX)))
  t.ok(isLegal(`${HEX}:1`, cutReference(`${HEX}:1`)))
})

t.test('the longest legal reference is as long as the bound says', async (t) => {
  const host = `${'a'.repeat(249)}.com`
  const text = `${host}:65535/${'b'.repeat(255)}:${'c'.repeat(128)}@sha512:${HEX}${HEX}`
  t.equal(text.length, MAX_REFERENCE_LENGTH)
  t.ok(isLegal(text, cutReference(text)))
  t.notOk(isLegal(`a${text}`, cutReference(`a${text}`)))
})

t.test('library/ counts for the length of a repository', async (t) => {
  t.ok(isLegal('a'.repeat(247), cutReference('a'.repeat(247))))
  t.notOk(isLegal('a'.repeat(248), cutReference('a'.repeat(248))))
})

const normalised: [text: string, registry: string, repository: string][] = [
  ['nginx', 'docker.io', 'library/nginx'],
  ['docker.io/nginx', 'docker.io', 'library/nginx'],
  ['index.docker.io/nginx', 'docker.io', 'library/nginx'],
  ['team/app', 'docker.io', 'team/app'],
  ['localhost/app', 'localhost', 'app'],
  ['Team/app', 'Team', 'app'],
]
for (const [text, registry, repository] of normalised) {
  t.test(`${text} is ${repository} in ${registry}`, async (t) =>
    t.same(normalise(cutReference(text)), { registry, repository }),
  )
}
