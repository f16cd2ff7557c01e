import t from 'tap'
import { explainReference, referenceLines } from '../../src/cli/explain-reference.ts'
import { plain } from '../../src/cli/terminal.ts'
import { builtInPolicy } from '../../src/policy/built-in.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const HEX = 'a1'.repeat(32)

const cases: [reference: string, explanation: object][] = [
  [
    'nginx:1.25-alpine',
    {
      reference: 'nginx:1.25-alpine',
      kind: 'partial',
      moving: true,
      why: 'moves to each new 1.25.z',
      registry: 'docker.io',
      repository: 'library/nginx',
      tag: '1.25-alpine',
      digest: null,
      retention: null,
      defaultPullPolicy: 'IfNotPresent',
    },
  ],
  [
    'localhost:5000/foo',
    { kind: 'latest', registry: 'localhost:5000', tag: null, defaultPullPolicy: 'Always' },
  ],
  [`nginx@sha256:${HEX}`, { kind: 'digest', moving: false, digest: `sha256:${HEX}` }],
  [
    'volatile-registry.console.elementai.com/a/b:1.4.2-7days',
    { kind: 'version', tag: '1.4.2-7days', retention: { hours: 168, text: '7 days' } },
  ],
  ['Nginx:1', { kind: 'invalid', moving: false, registry: null, repository: null, tag: null, digest: null }],
  ['', { reference: '', kind: 'invalid' }],
  [' nginx', { reference: ' nginx', kind: 'invalid' }],
]
for (const [reference, explanation] of cases) {
  t.test(JSON.stringify(reference), async (t) => {
    const explained = explainReference(reference, builtInPolicy())
    t.match(explained, explanation)
    t.equal(Object.keys(explained).length, 10)
  })
}

t.test('a person reads the kind, why, and what to write', async (t) => {
  t.strictSame(referenceLines('nginx:1.25-alpine', builtInPolicy(), NOW, plain).slice(0, 3), [
    'nginx:1.25-alpine',
    '  kind        partial: it moves',
    '  why         it moves to each new 1.25.z',
  ])
  const text = (reference: string) => referenceLines(reference, builtInPolicy(), NOW, plain).join('\n')
  t.match(text('nginx:1.25-alpine'), /partialTag \(enforce\).*\n {14}image: nginx:1\.25\.<patch>-alpine/s)
  t.match(text('nginx:1.25.3'), /rules {7}content with it in a Pod/)
  t.match(text('nginx'), /none, which means latest/)
  t.match(text(''), /^\(an empty text\)\n.*rules {7}say nothing of no image/s)
  t.match(text('  '), /^" {2}"\n.*it holds nothing but blanks.*invalidReference \(enforce\)/s)
  t.match(
    text('volatile-registry.console.elementai.com/a/b:1.4.2-7days'),
    /kept for {4}7 days after the last push/,
  )
})

t.test('nothing in a reference gets out as more than plain text', async (t) => {
  for (const line of referenceLines('a\u001b[2J\u202e\nb', builtInPolicy(), NOW, plain))
    t.match(line, /^[\x20-\x7e]*$/)
})
