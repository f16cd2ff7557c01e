import { execFileSync } from 'node:child_process'
import { closeSync, constants, existsSync, openSync, readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { LogOutput, MAX_WAITING_BYTES } from '../../src/server/log-output.ts'
import { until } from '../control-plane/until.ts'

/** Some bytes more than most lines have, so that a test of much takes few. */
const LINE_BYTES = 8 * 1024

function numbered(number: number): string {
  return `${String(number).padEnd(LINE_BYTES - 1)}\n`
}

const never = new AbortController().signal

/** Waits until something is true of a log. */
async function comes(isTrue: () => boolean): Promise<void> {
  await until('the log', 30_000, never, async () => isTrue() || undefined)
}

/** Remembers what it is told. */
class Told {
  readonly faults: string[] = []
  readonly gaps: number[] = []
  faulty(error: NodeJS.ErrnoException): void {
    this.faults.push(error.code ?? error.message)
  }
  gap(lines: number): void {
    this.gaps.push(lines)
  }
}

/** A pipe with a name, so that readers can come and go. */
function pipe(t: Test): { writer: number; openReader: () => Reader } {
  const path = join(t.testdir(), 'pipe')
  execFileSync('mkfifo', [path])
  // To open one end waits for the other, but for who opens both.
  const both = openSync(path, 'r+')
  const writer = openSync(path, 'w')
  closeSync(both)
  const readers: Reader[] = []
  t.teardown(() => {
    for (const reader of readers) reader.end()
    closeSync(writer)
  })
  const openReader = () => {
    const reader = new Reader(path)
    readers.push(reader)
    return reader
  }
  return { writer, openReader }
}

/** One who has opened a pipe, and reads no line of it before `begin`. */
class Reader {
  readonly lines: number[] = []
  readonly #socket: Socket
  constructor(path: string) {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    this.#socket = new Socket({ fd, readable: true, writable: false }).pause()
  }
  begin(): this {
    createInterface({ input: this.#socket }).on('line', (line) => this.lines.push(Number(line)))
    return this
  }
  /** Reads so many bytes now, and no more. */
  async take(bytes: number): Promise<void> {
    for (let left = bytes; left > 0; ) {
      const chunk = this.#socket.read(Math.min(left, LINE_BYTES))
      if (chunk === null) await pause(1)
      else left -= chunk.length
    }
  }
  end(): void {
    this.#socket.destroy()
  }
}

t.test('every line is written, in order', async (t) => {
  const path = join(t.testdir(), 'log')
  const fd = openSync(path, 'w')
  t.teardown(() => closeSync(fd))
  const told = new Told()
  const output = new LogOutput(fd, told)
  const lines = Array.from({ length: 1000 }, (_, i) => `${i} größer als ASCII\n`)
  for (const line of lines) output.write(line)
  await comes(() => readFileSync(path, 'utf8') === lines.join(''))
  t.strictSame({ ...told, dropped: output.dropped }, { faults: [], gaps: [], dropped: 0 })
})

t.test('who does not read costs a bounded memory, and hears what is missing', async (t) => {
  const { writer, openReader } = pipe(t)
  const told = new Told()
  const output = new LogOutput(writer, told)
  const reader = openReader()
  const offered = (3 * MAX_WAITING_BYTES) / LINE_BYTES
  for (let i = 0; i < offered; i++) output.write(numbered(i))
  const kept = MAX_WAITING_BYTES / LINE_BYTES
  t.equal(output.dropped, offered - kept)
  t.strictSame({ ...told }, { faults: [], gaps: [] }, 'nobody is told before the gap has an end')

  const { lines } = reader.begin()
  await comes(() => lines.length === kept)
  output.write(numbered(offered))
  await comes(() => lines.length === kept + 1)
  t.strictSame(lines, [...Array(kept).keys(), offered], 'the oldest are there, and what came after the gap')
  t.strictSame({ ...told }, { faults: [], gaps: [offered - kept] })

  output.write(numbered(offered + 1))
  await comes(() => lines.length === kept + 2)
  t.equal(told.gaps.length, 1, 'a gap is told of once')
})

t.test('a gap ends only with room for many lines', async (t) => {
  const { writer, openReader } = pipe(t)
  const told = new Told()
  const output = new LogOutput(writer, told)
  const reader = openReader()
  const dropped = () => {
    const before = output.dropped
    output.write(numbered(0))
    return output.dropped > before
  }
  while (!dropped());
  await reader.take(MAX_WAITING_BYTES / 4)
  // The time that the last writes take; a gap that ended by mistake would be told of after it.
  await pause(50)
  t.ok(dropped(), 'a quarter is not enough')
  await reader.take(MAX_WAITING_BYTES / 2)
  await comes(() => !dropped())
  t.equal(told.gaps.length, 1)
})

t.test('readers come and go', async (t) => {
  const { writer, openReader } = pipe(t)
  const told = new Told()
  const output = new LogOutput(writer, told)
  const first = openReader().begin()
  output.write(numbered(1))
  await comes(() => first.lines.length === 1)
  first.end()
  await comes(() => {
    output.write(numbered(2))
    return told.faults.length > 0
  })
  t.strictSame({ ...told }, { faults: ['EPIPE'], gaps: [] })
  const second = openReader().begin()
  await comes(() => {
    output.write(numbered(3))
    return second.lines.includes(3)
  })
  t.ok(second.lines.includes(2), 'what could not be written waits')
  t.strictSame({ ...told }, { faults: ['EPIPE'], gaps: [] })
  second.end()
  await comes(() => {
    output.write(numbered(4))
    return told.faults.length > 1
  })
  t.strictSame(told.faults, ['EPIPE', 'EPIPE'], 'the next fault is told of as well')
})

t.test('a log that is full is written again once it can be', async (t) => {
  const { writer, openReader } = pipe(t)
  const told = new Told()
  const output = new LogOutput(writer, told)
  output.write(numbered(0))
  await comes(() => told.faults.length > 0)
  for (let i = 1; output.dropped === 0; i++) output.write(numbered(i))
  const { lines } = openReader().begin()
  const kept = MAX_WAITING_BYTES / LINE_BYTES
  await comes(() => {
    if (told.gaps.length === 0) output.write(numbered(kept))
    return lines.at(-1) === kept
  })
  t.strictSame(lines, [...Array(kept).keys(), kept])
  t.strictSame(told.gaps, [output.dropped])
})

t.test('a full disk is told of once', { skip: !existsSync('/dev/full') }, async (t) => {
  const fd = openSync('/dev/full', 'w')
  t.teardown(() => closeSync(fd))
  const told = new Told()
  const output = new LogOutput(fd, told)
  output.write(numbered(0))
  await comes(() => told.faults.length > 0)
  for (let i = 1; i < 5; i++) {
    output.write(numbered(i))
    // The time that it takes to fail again.
    await pause(10)
  }
  while (output.dropped === 0) output.write(numbered(5))
  t.strictSame({ ...told }, { faults: ['ENOSPC'], gaps: [] })
})
