import fc from 'fast-check'
import t from 'tap'
import { splitDocuments } from '../../src/cli/split-documents.ts'

const cases: [title: string, text: string, parts: [text: string, line: number][]][] = [
  ['one document', 'a: 1\n', [['a: 1\n', 1]]],
  [
    'a separator begins a part',
    'a: 1\n---\nb: 2\n',
    [
      ['a: 1\n', 1],
      ['---\nb: 2\n', 2],
    ],
  ],
  ['a comment behind it', '--- # first\na: 1\n', [['--- # first\na: 1\n', 1]]],
  [
    'Windows lines',
    'a: 1\r\n---\r\nb: 2',
    [
      ['a: 1\r\n', 1],
      ['---\r\nb: 2', 2],
    ],
  ],
  ['four dashes are none', 'a: 1\n----\n', [['a: 1\n----\n', 1]]],
  ['an indented one is none', 'a: |\n  ---\n', [['a: |\n  ---\n', 1]]],
  [
    'JSON after JSON',
    '{"a":"}{\\""}\n{"b":{}}\n',
    [
      ['{"a":"}{\\""}', 1],
      ['\n{"b":{}}', 1],
    ],
  ],
  ['a template is no JSON', '{{- if .a }}\na: {}\n{{- end }}\n', [['{{- if .a }}\na: {}\n{{- end }}\n', 1]]],
  ['nothing', '\n\n', []],
]
for (const [title, text, parts] of cases) {
  t.test(title, async (t) => {
    t.strictSame(
      splitDocuments(text),
      parts.map(([text, line]) => ({ text, line })),
    )
  })
}

t.test('nothing is lost but blank parts, and lines are right', async () => {
  const piece = fc.constantFrom(
    '---\n',
    'a: 1\n',
    '{"a": "}"}\n',
    '{',
    '}',
    '"',
    '\\',
    '\n',
    '--- x\n',
    'é\r\n',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const text = pieces.join('')
      let at = 0
      for (const part of splitDocuments(text)) {
        const found = text.indexOf(part.text, at)
        if (found < 0 || text.slice(at, found).trim() !== '') return false
        if (text.slice(0, found).split('\n').length !== part.line) return false
        at = found + part.text.length
      }
      return text.slice(at).trim() === ''
    }),
  )
})
