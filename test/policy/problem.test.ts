import t from 'tap'
import { describeProblems, PolicyError } from '../../src/policy/problem.ts'

const problems = [
  { line: 3, field: 'spec.mode', message: 'is missing' },
  { field: 'spec.rules', message: 'is missing' },
  { line: 1, field: '', message: 'is empty' },
]
const text = 'a.yaml:3: spec.mode: is missing\na.yaml: spec.rules: is missing\na.yaml:1: is empty'

t.test('a line for each mistake', async (t) => {
  t.equal(describeProblems('a.yaml', problems), text)
  t.equal(new PolicyError('a.yaml', problems).message, text)
})
