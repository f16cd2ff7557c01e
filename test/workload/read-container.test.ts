import t from 'tap'
import { found, told } from './found.ts'

const volume = { list: 'volumes', name: 'data', place: 'spec volumes' }
const volumes: [why: string, volume: unknown, expected: object[]][] = [
  ['of another type', { name: 'data', emptyDir: {} }, []],
  ['whose image is null', { name: 'data', image: null }, []],
  [
    'without a reference',
    { name: 'data', image: {} },
    [{ ...volume, field: 'spec.volumes[0].image.reference' }],
  ],
  [
    'with a reference and a pull policy',
    { name: 'data', image: { reference: 'models/base:1', pullPolicy: 'Always' } },
    [{ ...volume, image: 'models/base:1', pullPolicy: 'Always', field: 'spec.volumes[0].image.reference' }],
  ],
  [
    'whose image is a string',
    { name: 'data', image: 'models/base:1' },
    [{ ...volume, malformed: 'a string where fields belong', field: 'spec.volumes[0].image' }],
  ],
  [
    'whose reference is a number',
    { name: 'data', image: { reference: 1 } },
    [
      {
        ...volume,
        malformed: 'a number where a text belongs',
        unquoted: true,
        field: 'spec.volumes[0].image.reference',
      },
    ],
  ],
  [
    'that is a number',
    7,
    [{ ...volume, name: '', malformed: 'a number where a volume belongs', field: 'spec.volumes[0]' }],
  ],
]
for (const [why, item, expected] of volumes) {
  t.test(`a volume ${why}`, async (t) => {
    t.same(found('', 'Pod', { spec: { volumes: [item] } }).map(told), expected)
  })
}
