import { once } from 'node:events'
import { createServer } from 'node:net'
import t from 'tap'
import { freePorts, LOOPBACK } from './free-ports.ts'

t.test('different ports, on which one can listen', async (t) => {
  const ports = await freePorts(5)
  t.equal(new Set(ports).size, 5)
  for (const port of ports) {
    const server = createServer().listen(port, LOOPBACK)
    await once(server, 'listening')
    server.close()
  }
})
