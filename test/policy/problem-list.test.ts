import t from 'tap'
import { MAX_PROBLEMS, ProblemList } from '../../src/policy/problem-list.ts'

t.test('mistakes come in the order of the text', async (t) => {
  const list = new ProblemList((offset) => offset + 1)
  list.add(5, 'c', 'third')
  list.add(0, 'a', 'first')
  list.add(5, 'd', () => 'fourth')
  list.add(2, 'b', 'second')
  t.same(
    list.inOrder().map(({ line, message }) => [line, message]),
    [
      [1, 'first'],
      [3, 'second'],
      [6, 'third'],
      [6, 'fourth'],
    ],
  )
})

t.test('beyond the bound they are counted, and no message is made', async (t) => {
  const list = new ProblemList(() => 1)
  for (let i = 0; i < MAX_PROBLEMS; i++) list.add(i, 'a', 'x')
  list.add(0, 'b', () => String(t.fail('a message was made')))
  list.add(0, 'c', 'x')
  t.equal(list.inOrder().length, MAX_PROBLEMS + 1)
  t.same(list.inOrder().at(-1), { field: '', message: 'and 2 more mistakes' })
})
