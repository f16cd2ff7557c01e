import t from 'tap'
import { Makers, objectKey } from '../../src/preview/makers.ts'

const named = (kind: string, name = 'a') => ({ group: 'example.com', kind, name })

t.test('the first of a chain, as far as it is known', async (t) => {
  const makers = new Makers()
  makers.remember('team-a', named('Cluster'), named('Job'))
  makers.remember('team-a', named('Job'), named('CronJob'))
  t.strictSame(makers.firstOf('team-a', named('Cluster')), named('CronJob'))
  t.strictSame(makers.firstOf('team-a', named('Job', 'b')), named('Job', 'b'), 'another name')
  t.strictSame(makers.firstOf('team-b', named('Job')), named('Job'), 'another namespace')
})

t.test('a circle, which nobody keeps anybody from writing, comes to an end', async (t) => {
  const makers = new Makers()
  makers.remember('team-a', named('Job'), named('Cluster'))
  makers.remember('team-a', named('Cluster'), named('Job'))
  t.ok(['Job', 'Cluster'].includes(makers.firstOf('team-a', named('Job')).kind))
})

t.test('no more than it may hold', async (t) => {
  const makers = new Makers()
  for (let index = 0; index < 30_000; index++)
    makers.remember('team-a', named('Job', `${index}`), named('Set'))
  t.equal(makers.firstOf('team-a', named('Job', '10')).kind, 'Set')
  t.equal(makers.firstOf('team-a', named('Job', '29999')).kind, 'Job')
})

t.test('the same names elsewhere are other objects', async (t) => {
  const keys = [
    objectKey('a', named('Job')),
    objectKey('b', named('Job')),
    objectKey('a', named('Cluster')),
    objectKey('a', named('Job', 'b')),
    objectKey('a', { ...named('Job'), group: '' }),
  ]
  t.equal(new Set(keys).size, keys.length)
})
