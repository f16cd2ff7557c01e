import fc from 'fast-check'
import t from 'tap'
import { parseReference } from '../../src/image/reference.ts'
import { problemOf } from '../../src/image/reference-problem.ts'

const HEX = 'f'.repeat(64)

const cases: [text: string, problem: string, suggestion?: string, action?: string][] = [
  ['', 'is empty'],
  ['  ', 'holds nothing but blanks'],
  ['Nginx:1', 'has upper-case letters in its repository', 'nginx:1'],
  ['Team/App', 'has upper-case letters in its repository', 'team/app'],
  [
    'registry.example.com/Team/app:V1',
    'has upper-case letters in its repository',
    'registry.example.com/team/app:V1',
  ],
  ['http://x/y:1', 'begins with http://: a reference has no scheme', 'x/y:1'],
  ['docker://nginx', 'begins with docker://: a reference has no scheme', 'nginx'],
  ['https://', 'begins with https://: a reference has no scheme'],
  ['nginx:', 'has a colon but no tag behind it', undefined, 'write the tag behind it'],
  [`nginx:@sha256:${HEX}`, 'has a colon but no tag behind it', `nginx@sha256:${HEX}`],
  [
    'nginx:1.2+3',
    'has a + in its tag, which no tag may hold (Helm and others write _ for it)',
    'nginx:1.2_3',
  ],
  [' nginx:1', 'has white space around it', 'nginx:1'],
  ['nginx:1\n', 'has white space around it', 'nginx:1'],
  [
    'nginx:1 # comment',
    'has a space in its tag',
    undefined,
    'use only letters, digits, _, . and - in the tag',
  ],
  [
    '{{ .Values.image }}',
    'holds {{ .Values.image }}, which nothing has filled in',
    undefined,
    'render it first: helm template does, if it is from a chart',
  ],
  [
    'nginx:{{ .Chart.AppVersion }}',
    'holds {{ .Chart.AppVersion }}, which nothing has filled in',
    undefined,
    'render it first: helm template does, if it is from a chart',
  ],
  [
    'nginx:$' + '{TAG}',
    'holds $' + '{TAG}, which nothing has filled in',
    undefined,
    'fill it in before it is submitted, for example with envsubst < FILE',
  ],
  [
    'nginx:$(params.tag)',
    'holds $(params.tag), which nothing has filled in',
    undefined,
    'fill it in before it is submitted',
  ],
  [
    'nginx:$TAG-alpine',
    'holds $TAG, which nothing has filled in',
    undefined,
    'fill it in before it is submitted, for example with envsubst < FILE',
  ],
  [
    'nginx:<%= tag %>',
    'holds <%= tag %>, which nothing has filled in',
    undefined,
    'fill it in before it is submitted',
  ],
  [
    'busybox:1.36.<patch>',
    'still holds the placeholder <patch>',
    undefined,
    'put the real value in its place',
  ],
  [
    'redis@sha256:<digest>',
    'still holds the placeholder <digest>',
    undefined,
    'put the real value in its place',
  ],
  ...['IMAGE_TAG', 'YOUR_IMAGE', 'IMAGE', 'REPLACE_ME', '__IMAGE__', 'YOUR-IMAGE-NAME'].map(
    (text): [string, string, undefined, string] => [
      text,
      'looks like a placeholder',
      undefined,
      'put the real value in its place',
    ],
  ),
  [
    'YOUR_REGISTRY/app:1.2.3',
    'seems to hold the placeholder YOUR_REGISTRY',
    undefined,
    'put the real value in its place',
  ],
  [
    'REGISTRY/IMAGE:TAG',
    'seems to hold the placeholder REGISTRY',
    undefined,
    'put the real value in its place',
  ],
  ['MYAPP:1', 'has upper-case letters in its repository', 'myapp:1'],
  ['Image:1', 'has upper-case letters in its repository', 'image:1'],
  ['your-image:', 'has a colon but no tag behind it', undefined, 'write the tag behind it'],
  [HEX, 'is an image ID, not a reference: it names no repository to pull from'],
  [`nginx:${'a'.repeat(129)}`, 'has a tag of 129 characters, where 128 is the most'],
  ['a'.repeat(300), 'has a repository of more than 255 characters'],
  [`${'a'.repeat(300)}.com/x`, 'has a registry host of 304 characters, where 259 is the most'],
  ['a'.repeat(1_000_000), 'is 1000000 characters long, where a reference has at most 780'],
  ['nginx:latest/foo', 'has a slash after nginx:latest, where latest is no port number'],
  ['a..b/foo', 'has a..b where a registry host belongs'],
  [':1', 'has no repository'],
  ['a/', 'ends its repository with a slash'],
  ['a//b', 'has an empty part between the slashes of its name', 'a/b'],
  ['/a', 'has an empty part between the slashes of its name', 'a'],
  ['//', 'ends its repository with a slash'],
  [
    'registry.example.com//app:1',
    'has an empty part between the slashes of its name',
    'registry.example.com/app:1',
  ],
  ['localhost:5000/Team/app', 'has upper-case letters in its repository', 'localhost:5000/team/app'],
  ['-a', 'has the repository -a, where each part begins and ends with a letter or a digit'],
  ['caf\u00e9', 'has the character U+00E9 in its repository'],
  [
    'nginx:1\u200b.2',
    'has the character U+200B in its tag',
    undefined,
    'use only letters, digits, _, . and - in the tag',
  ],
  [
    'nginx:1;2',
    'has the character ; in its tag',
    undefined,
    'use only letters, digits, _, . and - in the tag',
  ],
  [
    'nginx:-1',
    'has the tag -1, where a letter, a digit or _ has to come first',
    undefined,
    'leave out what stands before that',
  ],
  ['nginx:1:2', 'has a second colon in :1:2'],
  ['nginx:1:\n\u001b[2J', 'has a second colon in :1:\\u{a}\\u{1b}[2J'],
  ['nginx@', 'has no digest of the form sha256:… after its @'],
  ['nginx@1.2', 'has no digest of the form sha256:… after its @', 'nginx:1.2'],
  ['nginx:1@1.2', 'has no digest of the form sha256:… after its @'],
  ['nginx@md5:abc', 'has a digest of the kind md5, where sha256, sha384 and sha512 are known'],
  ['nginx@sha256:abc', 'has a sha256 digest of 3 characters, where 64 belong'],
  [
    `nginx@sha256:${HEX.toUpperCase()}`,
    'has a sha256 digest that is not lower-case hexadecimal',
    `nginx@sha256:${HEX}`,
  ],
]
for (const [text, problem, suggestion, action] of cases) {
  t.test(`${JSON.stringify(text).slice(0, 60)} ${problem}`, async (t) =>
    t.strictSame(problemOf(text), {
      problem,
      ...(action === undefined ? {} : { action }),
      ...(suggestion === undefined ? {} : { suggestion }),
    }),
  )
}

t.test('a problem is one printable line, and a suggestion is a legal reference', async () => {
  const hostile = fc.string({
    unit: fc.constantFrom(...'aA1:/@._-+<>{}$() \n\r\t\u001b\u0000\u202e\ud800é'.split('')),
  })
  fc.assert(
    fc.property(hostile, (text) => {
      const { problem, suggestion } = problemOf(text)
      return /^[ -~…]+$/.test(problem) && (suggestion === undefined || parseReference(suggestion).valid)
    }),
    { numRuns: 2000 },
  )
})
