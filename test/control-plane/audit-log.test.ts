import t from 'tap'
import { auditEvents } from './audit-log.ts'

t.test('an event for each line, without the one that is still being written', async (t) => {
  const log = '{"auditID":"1","verb":"create"}\n\n{"auditID":"2","verb":"patch"}\n{"auditID":"3","ve'
  t.same(
    auditEvents(log).map(({ auditID, verb }) => [auditID, verb]),
    [
      ['1', 'create'],
      ['2', 'patch'],
    ],
  )
})

t.test('an empty log', async (t) => t.same(auditEvents(''), []))
