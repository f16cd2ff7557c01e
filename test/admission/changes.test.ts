import fc from 'fast-check'
import t from 'tap'
import { ALL_NEW, compareContainers } from '../../src/admission/changes.ts'
import { defaultPullPolicy } from '../../src/image/pull-policy.ts'
import { imageReader } from '../../src/image/reader.ts'
import { NO_FACTS } from '../../src/image/tag-kind.ts'
import type { Container } from '../../src/workload/container.ts'
import { container } from './samples.ts'

/** Containers with the fields that their places in the list give them. */
function listed(...containers: Partial<Container>[]): Container[] {
  return containers.map((each, index) => container({ field: `spec.containers[${index}].image`, ...each }))
}

/** For each new container, whether it is unchanged. */
function unchanged(before: Container[], after: Container[]): boolean[] {
  const changes = compareContainers(before, after, imageReader(NO_FACTS))
  return after.map((each) => changes.isUnchanged(each))
}

const a = { name: 'a', image: 'nginx:1.27', pullPolicy: 'IfNotPresent' }
const b = { name: 'b', image: 'redis:8', pullPolicy: 'IfNotPresent' }

const cases: [
  what: string,
  before: Partial<Container>[],
  after: Partial<Container>[],
  unchanged: boolean[],
][] = [
  ['as it was', [a, b], [a, b], [true, true]],
  ['reordered', [a, b], [b, a], [true, true]],
  ['another image', [a, b], [{ ...a, image: 'nginx:1.28' }, b], [false, true]],
  ['renamed', [a], [{ ...a, name: 'c' }], [false]],
  ['another pull policy', [a], [{ ...a, pullPolicy: 'Always' }], [false]],
  ['the default written down', [{ ...a, pullPolicy: undefined }], [a], [true]],
  ['the default left out', [a], [{ ...a, pullPolicy: undefined }], [true]],
  [
    'left out where it was no default',
    [{ ...a, pullPolicy: 'Always' }],
    [{ ...a, pullPolicy: undefined }],
    [false],
  ],
  ['an empty policy is none', [a], [{ ...a, pullPolicy: '' }], [true]],
  ['moved to another list', [a], [{ ...a, place: 'spec initContainers' }], [false]],
  ['added', [a], [a, b], [true, false]],
  ['removed', [a, b], [b], [true]],
  ['duplicated', [a], [a, a], [true, false]],
  ['one copy of two removed', [a, a], [a], [true]],
  [
    'names swapped',
    [a, b],
    [
      { ...a, name: 'b' },
      { ...b, name: 'a' },
    ],
    [false, false],
  ],
  [
    'an image that is a number, as before',
    [{ image: undefined, malformed: 'a number' }],
    [{ image: undefined, malformed: 'a number' }],
    [true],
  ],
  ['now a number', [{ image: undefined }], [{ image: undefined, malformed: 'a number' }], [false]],
  ['nothing before', [], [a], [false]],
]

for (const [what, before, after, expected] of cases) {
  t.test(what, async (t) => t.same(unchanged(listed(...before), listed(...after)), expected))
}

t.test('of a creation all is new', async (t) => t.notOk(ALL_NEW.isUnchanged(container())))

const kept: [
  what: string,
  before: Partial<Container>,
  after: Partial<Container>,
  from: string | undefined,
][] = [
  [
    'to latest with IfNotPresent',
    { image: 'nginx:1.27.3', pullPolicy: 'IfNotPresent' },
    { image: 'nginx:latest', pullPolicy: 'IfNotPresent' },
    'nginx:1.27.3',
  ],
  [
    'from latest with Always',
    { image: 'nginx:latest', pullPolicy: 'Always' },
    { image: 'nginx:1.27.3', pullPolicy: 'Always' },
    'nginx:latest',
  ],
  [
    'another tag of the same kind',
    { image: 'nginx:1.27', pullPolicy: 'IfNotPresent' },
    { image: 'nginx:1.28', pullPolicy: 'IfNotPresent' },
    undefined,
  ],
  [
    'a policy that suits the new tag',
    { image: 'nginx:latest', pullPolicy: 'IfNotPresent' },
    { image: 'nginx:1.27.3', pullPolicy: 'IfNotPresent' },
    undefined,
  ],
  [
    'a policy that changed as well',
    { image: 'nginx:latest', pullPolicy: 'Always' },
    { image: 'nginx:1.27', pullPolicy: 'IfNotPresent' },
    undefined,
  ],
  [
    'a policy that is not stored',
    { image: 'nginx:1.27.3', pullPolicy: undefined },
    { image: 'nginx', pullPolicy: undefined },
    undefined,
  ],
  [
    'another name',
    { name: 'old', image: 'nginx:1.27.3', pullPolicy: 'IfNotPresent' },
    { image: 'nginx:latest', pullPolicy: 'IfNotPresent' },
    undefined,
  ],
]

for (const [what, before, after, from] of kept) {
  t.test(`a kept pull policy: ${what}`, async (t) => {
    const [now] = listed(after)
    t.equal(now && compareContainers(listed(before), [now], imageReader(NO_FACTS)).keptPolicyFrom(now), from)
  })
}

t.test(
  'unchanged is a matching of equal containers, one old one for each new one, and as large as can be',
  async (t) => {
    const some: fc.Arbitrary<Partial<Container>> = fc.record({
      name: fc.constantFrom('a', 'b'),
      image: fc.constantFrom('nginx', 'nginx:1'),
      pullPolicy: fc.constantFrom('Always', 'IfNotPresent', undefined),
      place: fc.constantFrom('spec containers', 'spec initContainers'),
    })
    const identity = (one: Container) =>
      [one.place, one.name, one.image, one.pullPolicy ?? defaultPullPolicy(one.image ?? '')].join(' ')
    const count = (containers: Container[], key: string) =>
      containers.filter((one) => identity(one) === key).length
    fc.assert(
      fc.property(fc.array(some), fc.array(some), (olds, news) => {
        const before = listed(...olds)
        const after = listed(...news)
        const marks = unchanged(before, after)
        const excused = after.filter((_, index) => marks[index])
        for (const key of new Set(after.map(identity)))
          t.equal(count(excused, key), Math.min(count(before, key), count(after, key)), key)
      }),
    )
  },
)
