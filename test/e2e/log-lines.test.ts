import t from 'tap'
import { LogLines } from './log-lines.ts'

const line = (msg: string) => `${JSON.stringify({ level: 'info', msg })}\n`

t.test('lines come in pieces, and others are left out', async (t) => {
  const log = new LogLines('tallyman')
  const whole = `${line('one')}not JSON\n${line('two')}`
  log.take(whole.slice(0, 20))
  t.same(log.lines, [])
  log.take(whole.slice(20))
  log.take(line('three').slice(0, -1))
  t.same(
    log.lines.map(({ msg }) => msg),
    ['one', 'two'],
  )
})

t.test('the next line is one that comes later', async (t) => {
  const log = new LogLines('tallyman')
  log.take(line('denied'))
  const next = log.next('denied')
  log.take(line('other') + line('denied'))
  t.equal(await next, log.lines[2])
})

t.test('or one from before, where that is asked for', async (t) => {
  const log = new LogLines('tallyman')
  log.take(line('ready'))
  t.equal(await log.next(({ level }) => level === 'info', { since: 0 }), log.lines[0])
})

t.test('nobody waits for ever', async (t) => {
  const log = new LogLines('tallyman-1')
  log.take(line('ready'))
  await t.rejects(log.next('denied', { withinMs: 1 }), {
    message: 'tallyman-1 did not log denied within 0.001 s; its last line: ready',
  })
})

t.test('nor for the log of what has ended', async (t) => {
  const log = new LogLines('tallyman-1')
  const waiting = log.next('denied')
  log.take(line('stopped'))
  log.end()
  const message = 'tallyman-1 ended and did not log denied; its last line: stopped'
  await t.rejects(waiting, { message })
  await t.rejects(log.next('denied'), { message })
  t.equal((await log.next('stopped', { since: 0 })).msg, 'stopped')
})
