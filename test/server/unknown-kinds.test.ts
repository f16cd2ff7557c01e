import t from 'tap'
import { createLogger } from '../../src/server/logging.ts'
import { MAX_UNKNOWN_KINDS, UnknownKinds } from '../../src/server/unknown-kinds.ts'
import { judged } from './verdicts.ts'

function noting() {
  const lines: string[] = []
  return {
    lines,
    unknown: new UnknownKinds(createLogger('info', { write: (line: string) => void lines.push(line) })),
  }
}

async function requestOf(group: string, kind: string) {
  const resource = { group, version: 'v1', resource: 'things' }
  return (await judged('app:latest', { kind: { group, version: 'v1', kind }, resource })).request
}

t.test('a kind is logged once, and what to do about it', async (t) => {
  const { lines, unknown } = noting()
  for (const kind of ['Thing', 'Thing', 'Other', 'Thing']) unknown.note(await requestOf('example.com', kind))
  t.match(
    lines.map((line) => JSON.parse(line)),
    [
      {
        level: 'warn',
        group: 'example.com',
        kind: 'Thing',
        resource: 'things',
        msg: /spec\.cluster\.workloads/,
      },
      { kind: 'Other' },
    ],
  )
  t.equal(lines.length, 2)
})

t.test('so many kinds are logged, and then that there are more', async (t) => {
  const { lines, unknown } = noting()
  for (let i = 0; i < MAX_UNKNOWN_KINDS * 3; i++) unknown.note(await requestOf('example.com', `Kind${i}`))
  t.equal(lines.length, MAX_UNKNOWN_KINDS + 1)
  t.match(JSON.parse(lines.at(-1) ?? ''), { msg: /more kinds/ })
})

t.test('a name is no way into the log', async (t) => {
  const { lines, unknown } = noting()
  unknown.note(await requestOf('example.com', `X\n{"level":"error"}\u001b[31m${'y'.repeat(10_000)}`))
  t.equal(lines.length, 1)
  t.match(lines[0], /^[\x20-\x7e]{1,1000}\n$/)
})
