import t from 'tap'
import { Scalar } from 'yaml'
import * as field from '../../src/policy/fields.ts'
import type { Schema } from '../../src/policy/json-schema.ts'
import { scalarProblem } from '../../src/policy/scalar-problem.ts'

const cases: [schema: Schema, good: string[], bad: string[]][] = [
  [field.name('.'), ['a', 'team-a', 'a.b', '4'], ['', '-a', 'a-', 'A', 'a_b']],
  [
    field.host('.'),
    ['docker.io', 'localhost:5000'],
    ['docker.io/', 'https://docker.io', 'a:', 'A.example.com', 'a b'],
  ],
  [field.group('.'), ['', 'example.com'], ['example.com/v1', 'Example.com']],
  [field.user('.'), ['system:serviceaccount:a:b', 'Müller'], ['a b', 'a\n']],
  [field.url('.'), ['https://wiki.example.com/a'], ['ftp://a', 'https://', 'https://a b', 'https://a\n']],
  [field.path('.'), ['spec.template.spec', 'spec.a{*}.b[*].spec'], ['', 'a..b', 'a[0]', 'a b']],
  [field.namespaceGlob('.'), ['team-*', '[a-c]?'], ['a/b', 'a.b', '[a']],
]
t.test('texts with a meaning of their own', async (t) => {
  for (const [schema, good, bad] of cases) {
    for (const text of good) t.equal(scalarProblem(new Scalar(text), schema), undefined, text)
    for (const text of bad) t.type(scalarProblem(new Scalar(text), schema), 'string', JSON.stringify(text))
  }
})
