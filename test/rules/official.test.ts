import t from 'tap'
import { parseReference } from '../../src/image/reference.ts'
import { isOfficial } from '../../src/rules/official.ts'

const cases: [image: string, official: boolean][] = [
  ['node', true],
  ['docker.io/library/node:22', true],
  ['jenkins/jenkins:lts', false],
  ['registry.example.com/library/node', false],
  ['Node', false],
]
for (const [image, official] of cases)
  t.test(`${image} is ${official ? '' : 'not '}official`, async (t) =>
    t.equal(isOfficial({ reference: parseReference(image) }), official),
  )
