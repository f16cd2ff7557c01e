import t from 'tap'
import { fieldName, quoted } from '../../src/policy/quoted.ts'

t.test('what somebody wrote is shown whole where it is short and plain', async (t) => {
  t.equal(quoted('latest'), '"latest"')
  t.equal(quoted(''), '""')
  t.equal(quoted('größe'), '"größe"')
})

t.test('what a terminal or a log would act on is escaped', async (t) => {
  t.equal(quoted('a\u001b[31m'), '"a\\u{1b}[31m"')
  t.equal(quoted('a\nb\tc'), '"a\\nb\\tc"')
  t.equal(quoted('a"b\\c'), '"a\\"b\\\\c"')
  t.equal(quoted('\u202egnp'), '"\\u{202e}gnp"')
  t.equal(quoted('\u2028'), '"\\u{2028}"')
  t.equal(quoted('\ud800'), '"\\u{d800}"')
})

t.test('what is long is cut, and not within a character', async (t) => {
  t.equal(quoted('a'.repeat(41)), `"${'a'.repeat(40)}…"`)
  t.equal(quoted('a'.repeat(40)), `"${'a'.repeat(40)}"`)
  t.equal(quoted(`${'a'.repeat(39)}🦊b`), `"${'a'.repeat(39)}🦊…"`)
})

t.test('names of fields', async (t) => {
  t.equal(fieldName('latestTag'), 'latestTag')
  t.equal(fieldName('app.kubernetes.io/name'), 'app.kubernetes.io/name')
  t.equal(fieldName('a b'), '"a b"')
  t.equal(fieldName(''), '""')
})
