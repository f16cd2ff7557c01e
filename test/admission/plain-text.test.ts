import fc from 'fast-check'
import t from 'tap'
import { plainText, printableText } from '../../src/admission/plain-text.ts'

const cases: [what: string, text: string, plain: string][] = [
  ['a reference stays', 'registry.example.com/a/b:1.2@sha256:0a', 'registry.example.com/a/b:1.2@sha256:0a'],
  ['a line feed', 'a\nb', 'a\\u{a}b'],
  ['a carriage return', 'a\rb', 'a\\u{d}b'],
  ['a tab', 'a\tb', 'a\\u{9}b'],
  ['a terminal escape', '\u001b[31mred', '\\u{1b}[31mred'],
  ['an eight-bit escape', '\u009b31m', '\\u{9b}31m'],
  ['delete', 'a\u007f', 'a\\u{7f}'],
  ['a line separator', 'a\u2028b', 'a\\u{2028}b'],
  ['a right-to-left override', 'a\u202eb', 'a\\u{202e}b'],
  ['a zero-width space', 'a\u200bb', 'a\\u{200b}b'],
  ['a variation selector', 'a\ufe0f', 'a\\u{fe0f}'],
  ['a lone surrogate', 'a\ud800b', 'a\\u{d800}b'],
  ['a tag character', 'a\u{e0041}', 'a\\u{e0041}'],
]

for (const [what, text, plain] of cases) {
  t.test(`${what}`, async (t) => {
    t.equal(plainText(text), plain, 'in plain text')
    t.equal(printableText(text), plain, 'in printable text')
  })
}

t.test('a look-alike letter shows in plain text and stays in printable text', async (t) => {
  t.equal(plainText('nginх:1'), 'ngin\\u{445}:1')
  t.equal(printableText('nginх:1'), 'nginх:1')
})

const cuts: [text: string, max: number, cut: string][] = [
  ['use a tag that is pushed once', 29, 'use a tag that is pushed once'],
  ['use a tag that is pushed once', 28, 'use a tag that is pushed...'],
  ['use a tag that is pushed once', 20, 'use a tag that...'],
  ['registry.example.com/vision/resnet', 26, 'registry.example.com/...'],
  ['nowordends', 8, 'nowor...'],
  ['ab\u{1f600}', 10, 'ab...'],
  ['abc', 2, '..'],
  ['abc', 0, ''],
]

for (const [text, max, cut] of cuts) {
  t.test(`${JSON.stringify(text)} in ${max}`, async (t) => t.equal(plainText(text, max), cut))
}

t.test('whatever the text is, the result is one plain line within its bound', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(60), (text, max) => {
      const plain = plainText(text, max)
      return /^[\x20-\x7e]*$/.test(plain) && plain.length <= max
    }),
  )
})

t.test('printable text shows all of itself on one line', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(60), (text, max) => {
      const printable = printableText(text, max)
      return !/[\p{C}\u2028\u2029]/u.test(printable) && printable.length <= max
    }),
  )
})
