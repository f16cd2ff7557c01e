import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import t from 'tap'
import { OpenConnections } from '../../src/server/open-connections.ts'

t.test('counts connections as they open and close, and tells', async (t) => {
  const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await once(server, 'listening')
  const connections = new OpenConnections(server)
  const counts: number[] = []
  let heard: () => void = () => {}
  const stop = connections.onChange(() => {
    counts.push(connections.count)
    heard()
  })
  const change = () =>
    new Promise<void>((resolve) => {
      heard = resolve
    })
  const { port } = server.address() as { port: number }
  for (const expected of [[1], [1, 0]]) {
    const changed = change()
    if (expected.length === 1) client = connect(port, '127.0.0.1')
    else client?.destroy()
    await changed
    t.strictSame(counts, expected)
  }
  stop()
  const last = connect(port, '127.0.0.1')
  await once(server, 'connection')
  t.equal(connections.count, 1)
  t.strictSame(counts, [1, 0], 'not told any more')
  last.destroy()
})

let client: ReturnType<typeof connect> | undefined
