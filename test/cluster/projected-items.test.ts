import t from 'tap'
import { ProjectedItems } from '../../src/cluster/projected-items.ts'

interface Labelled {
  readonly metadata: { readonly name: string; readonly labels?: Record<string, string> }
}

const object = (name: string, labels?: Record<string, string>, namespace?: string) => ({
  metadata: { name, ...(labels && { labels }), ...(namespace !== undefined && { namespace }) },
})

/** Keeps labels, and refuses objects that are labelled `bad`. */
function labels() {
  const skipped: string[] = []
  const project = (of: object) => {
    const { labels = {} } = (of as Labelled).metadata
    if (labels.bad) throw new Error(`bad: ${labels.bad}`)
    return labels
  }
  const items = () => new ProjectedItems(project, (key, error) => skipped.push(`${key}: ${error.message}`))
  return { items, skipped }
}

t.test('keys', async (t) => {
  const items = labels().items()
  items.put(object('team-a'))
  items.put(object('web', {}, 'team-a'))
  items.put(object('web', {}, ''))
  t.strictSame([...items.map.keys()], ['team-a', 'team-a/web', 'web'])
})

t.test('put and remove say whether anything changed', async (t) => {
  const items = labels().items()
  const steps: [what: string, step: () => boolean, changed: boolean][] = [
    ['new', () => items.put(object('a', { x: '1' })), true],
    ['equal', () => items.put(object('a', { x: '1' })), false],
    ['other', () => items.put(object('a', { x: '2' })), true],
    ['gone', () => items.remove(object('a')), true],
    ['gone before', () => items.remove(object('a')), false],
  ]
  for (const [what, step, changed] of steps) t.equal(step(), changed, what)
})

t.test('an object that cannot be projected is left out and told of', async (t) => {
  const { items: make, skipped } = labels()
  const items = make()
  t.notOk(items.put(object('a', { bad: 'at first' })))
  t.ok(items.put(object('a', { x: '1' })))
  t.ok(items.put(object('a', { bad: 'later' })), 'the old value holds no more')
  t.equal(items.map.size, 0)
  t.strictSame(skipped, ['a: bad: at first', 'a: bad: later'])
})

t.test('a list that follows another one keeps what is equal', async (t) => {
  const { items: make } = labels()
  const of = (...objects: object[]) => {
    const items = make()
    for (const one of objects) items.put(one)
    return items
  }
  const earlier = of(object('a', { x: '1' }), object('b', { x: '1' }))
  const cases: [what: string, objects: object[], changed: boolean][] = [
    ['the same', [object('b', { x: '1' }), object('a', { x: '1' })], false],
    ['another value', [object('a', { x: '1' }), object('b', { x: '2' })], true],
    ['one less', [object('a', { x: '1' })], true],
    ['one more', [object('a', { x: '1' }), object('b', { x: '1' }), object('c')], true],
    ['another name', [object('a', { x: '1' }), object('c', { x: '1' })], true],
  ]
  for (const [what, objects, changed] of cases) {
    const later = of(...objects)
    t.equal(later.succeed(earlier), changed, what)
    t.equal(later.map.get('a'), earlier.map.get('a'), `${what}: a is the same one`)
  }
})

t.test('an object without a name is an error', async (t) => {
  for (const wrong of [
    {},
    { metadata: null },
    { metadata: {} },
    { metadata: { name: '' } },
    { metadata: { name: 7 } },
  ])
    t.throws(() => labels().items().put(wrong), { name: 'ApiError', status: 200 }, JSON.stringify(wrong))
})
