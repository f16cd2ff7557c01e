import t from 'tap'
import { LineCounter, parseDocument } from 'yaml'
import { offsetOf } from '../../src/cli/position.ts'

const TEXT = `kind: Pod
base: &base
  image: nginx
loop: &loop
  <<: *loop
spec:
  containers:
    - name: a
      image: one
    - <<: *base
      name: b
    - *base
    - image:
      name: d
  tasks: {a.b: {image: two}, a: {b: {image: three}}}
  doubled:
    image: old
  doubled:
    image: new
`
const cases: [field: string, line: number, why: string][] = [
  ['spec.containers[0].image', 9, 'a value'],
  ['spec.containers[1].image', 3, 'a merge key leads to its anchor'],
  ['spec.containers[2].image', 3, 'so does an alias'],
  ['spec.containers[3].image', 13, 'an empty value stands at its key'],
  ['spec.containers[0].missing', 8, 'what is absent stands at what is around it'],
  ['spec.containers[9].image', 8, 'so does an item that is not there'],
  ['spec.tasks.a.b.image', 15, 'a key with a dot'],
  ['spec.doubled.image', 19, 'of two equal keys the last one counts'],
  ['loop.image', 5, 'a merge key that takes in itself ends'],
  ['nothing', 1, 'the document itself'],
]
for (const [field, line, why] of cases) {
  t.test(`${field}: ${why}`, async (t) => {
    const lineCounter = new LineCounter()
    const document = parseDocument(TEXT, { lineCounter, merge: true, uniqueKeys: false })
    t.equal(lineCounter.linePos(offsetOf(document, field)).line, line)
  })
}

t.test('a key with a dot is told from a path', async (t) => {
  const document = parseDocument('{a.b: {c: 1}, a: {b: {d: 2}}}')
  t.equal(offsetOf(document, 'a.b.c'), 10)
  t.equal(offsetOf(document, 'a.b.d'), 25)
})
