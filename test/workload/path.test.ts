import fc from 'fast-check'
import t from 'tap'
import {
  follow,
  lookUp,
  MAX_ITEMS,
  own,
  PathError,
  parsePath,
  runsBeside,
  walk,
} from '../../src/workload/path.ts'

t.test('parsePath reads fields and wildcards', async (t) => {
  t.same(parsePath('spec.tasks[*].map{*}.image').steps, [
    { field: 'spec' },
    { field: 'tasks' },
    { each: 'item' },
    { field: 'map' },
    { each: 'value' },
    { field: 'image' },
  ])
  t.same(parsePath('steps[*][*]').steps, [{ field: 'steps' }, { each: 'item' }, { each: 'item' }])
  t.equal(parsePath('spec.template.spec').text, 'spec.template.spec')
})

const refused: [text: string, message: RegExp][] = [
  ['', /a path is empty/],
  ['.spec', /an empty field/],
  ['spec.', /an empty field/],
  ['spec..image', /an empty field/],
  ['[*].image', /reads \[\*\]/],
  ['spec[0].image', /reads spec\[0\]/],
  ['spec[*', /reads spec\[\*/],
  ['spec.a b', /reads a b/],
  ['$.spec', /reads \$/],
]
for (const [text, message] of refused) {
  t.test(`the path "${text}" is refused`, async (t) =>
    t.throws(() => parsePath(text), { name: 'PathError', message }),
  )
}

t.test('no text makes parsePath fail in another way', async () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        return parsePath(text).text === text
      } catch (error) {
        return error instanceof PathError
      }
    }),
  )
})

const followed: [why: string, object: unknown, path: string, found: [path: string, value: unknown][]][] = [
  ['a field', { spec: { image: 'a' } }, 'spec.image', [['spec.image', 'a']]],
  ['an absent field', { spec: {} }, 'spec.image', []],
  ['null is absent', { spec: { image: null } }, 'spec.image', []],
  ['null on the way', { spec: null }, 'spec.image', []],
  ['another shape on the way', { spec: 'text' }, 'spec.image', []],
  ['a list on the way', { spec: [{ image: 'a' }] }, 'spec.image', []],
  [
    'each item',
    { a: [{ b: 1 }, {}, { b: 2 }] },
    'a[*].b',
    [
      ['a[0].b', 1],
      ['a[2].b', 2],
    ],
  ],
  ['a null item is a value', { a: [null] }, 'a[*]', [['a[0]', null]]],
  [
    'items of items',
    { a: [[1], [2, 3]] },
    'a[*][*]',
    [
      ['a[0][0]', 1],
      ['a[1][0]', 2],
      ['a[1][1]', 3],
    ],
  ],
  [
    'each value',
    { a: { x: 1, 'y-z': 2 } },
    'a{*}',
    [
      ['a.x', 1],
      ['a.y-z', 2],
    ],
  ],
  ['a map is no list', { a: { x: 1 } }, 'a[*]', []],
  ['a list is no map', { a: [1] }, 'a{*}', []],
  ['a key with a dot', { a: { 'x.y': 1 } }, 'a{*}', [['a["x.y"]', 1]]],
  [
    'a key with a line feed and an escape',
    { a: { 'x\n\u001b[31m': 1 } },
    'a{*}',
    [['a["x\\n\\u001b[31m"]', 1]],
  ],
  ['a key that turns text around', { a: { 'x\u202ey': 1 } }, 'a{*}', [['a["x\\u202ey"]', 1]]],
  ['an endless key', { a: { ['k'.repeat(1000)]: 1 } }, 'a{*}', [[`a["${'k'.repeat(253)}..."]`, 1]]],
  ['an inherited field', Object.create({ spec: 1 }), 'spec', []],
  ['a field named __proto__', JSON.parse('{"__proto__": {"a": 1}}'), '__proto__.a', [['__proto__.a', 1]]],
  ['constructor is inherited', {}, 'constructor', []],
  ['no object at all', 7, 'spec', []],
]
for (const [why, object, path, found] of followed) {
  t.test(`follow: ${why}`, async (t) => {
    t.same(
      follow(object, parsePath(path)).map((place) => [place.path, place.value]),
      found,
    )
  })
}

t.test('follow says what was taken at each wildcard', async (t) => {
  const object = { a: [{ m: { x: 1 } }, { m: { y: 2 } }] }
  t.same(
    follow(object, parsePath('a[*].m{*}')).map(({ taken }) => taken),
    [
      [0, 'x'],
      [1, 'y'],
    ],
  )
})

t.test('walk shows what does not fit, but not what is absent', async (t) => {
  const misfits: unknown[] = []
  walk({ a: [{ b: 'text' }, {}, { b: null }, 7, null] }, parsePath('a[*].b.c'), {
    place: () => t.fail('no place') as never,
    misfit: (misfit) => misfits.push(misfit) > 0,
  })
  t.same(misfits, [
    { value: 'text', belongs: 'fields', path: 'a[0].b' },
    { value: 7, belongs: 'fields', path: 'a[3]' },
    { value: null, belongs: 'fields', path: 'a[4]' },
  ])
})

t.test('walk sees as many items as a stored object can have, and says where there are more', async (t) => {
  const walked = (length: number) => {
    const misfits: unknown[] = []
    const went = walk({ a: Array(length).fill([{}]) }, parsePath('a[*][*].b'), {
      place: () => true,
      misfit: ({ path, tooMany }) => misfits.push([path, tooMany]) > 0,
    })
    return { went, misfits }
  }
  t.same(walked(MAX_ITEMS / 2), { went: true, misfits: [] })
  t.same(walked(MAX_ITEMS / 2 + 1), { went: false, misfits: [['a', true]] })
})

t.test('walk ends where the visitor says so', async (t) => {
  let seen = 0
  const went = walk({ a: [1, 2, 3] }, parsePath('a[*]'), { place: () => ++seen < 2, misfit: () => true })
  t.equal(went, false)
  t.equal(seen, 2)
})

const lookedUp: [path: string, taken: (number | string)[], value: unknown][] = [
  ['tasks[*].name', [1], 'second'],
  ['tasks[*].name', [7], undefined],
  ['tasks[*].name', [], undefined],
  ['name', [1], 'whole'],
  ['map{*}', ['Worker'], 'Worker'],
  ['map{*}.name', ['Worker'], 'w'],
  ['constructor', [], undefined],
]
for (const [path, taken, value] of lookedUp) {
  t.test(`lookUp ${path} beside ${JSON.stringify(taken)}`, async (t) => {
    const object = { name: 'whole', tasks: [{}, { name: 'second' }], map: { Worker: { name: 'w' } } }
    t.equal(lookUp(object, parsePath(path), taken), value)
  })
}

const beside: [path: string, other: string, answer: boolean][] = [
  ['spec.name', 'spec.tasks[*].image', true],
  ['spec.tasks[*].name', 'spec.tasks[*].image', true],
  ['spec.tasks[*].name', 'spec.steps[*].image', false],
  ['spec.tasks[*].name', 'spec.image', false],
  ['spec.tasks{*}.name', 'spec.tasks[*].image', false],
]
for (const [path, other, answer] of beside) {
  t.test(`${path} ${answer ? 'runs' : 'does not run'} beside ${other}`, async (t) =>
    t.equal(runsBeside(parsePath(path), parsePath(other)), answer),
  )
}

t.test('own asks nothing of prototypes', async (t) => {
  t.equal(own({}, 'toString'), undefined)
  t.equal(own('text', 'length'), undefined)
  t.equal(own(null, 'a'), undefined)
  t.equal(own({ a: 1 }, 'a'), 1)
})
