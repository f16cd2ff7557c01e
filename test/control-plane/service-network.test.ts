import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { freePorts, LOOPBACK } from './free-ports.ts'
import { egressSelector, ServiceNetwork } from './service-network.ts'

const hook = {
  metadata: { namespace: 'default', name: 'hook' },
  spec: { clusterIPs: ['10.96.0.7', 'fd00::7'] },
}
const headless = { metadata: { namespace: 'default', name: 'headless' }, spec: {} }

/** A server that says its name and closes. */
async function process(t: Test, name: string): Promise<number> {
  const server = createServer((socket) => socket.end(name)).listen(0, LOOPBACK)
  t.teardown(() => server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function network(t: Test) {
  // Not t.testdir(): a socket's path has to be short.
  const folder = await mkdtemp(join(tmpdir(), 'tallyman-test-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const socketPath = join(folder, 'services.sock')
  const services = new ServiceNetwork(async () => [headless, hook])
  await services.listen(socketPath)
  t.teardown(() => services.close())
  /** What the server at an address says, or the status that the proxy refuses with. */
  const ask = async (path: string): Promise<string | number> => {
    const sent = request({ socketPath, method: 'CONNECT', path }).end()
    const [response, socket, head] = await Promise.race([once(sent, 'connect'), once(sent, 'response')])
    return response.statusCode === 200 ? `${head}${await text(socket)}` : response.statusCode
  }
  return { services, ask }
}

t.test("each connection goes to the next of a Service's processes", async (t) => {
  const { services, ask } = await network(t)
  services.route('default/hook', [await process(t, 'one'), await process(t, 'two')])
  t.equal(await ask('10.96.0.7:443'), 'one')
  t.equal(await ask('fd00::7:443'), 'two')
  t.equal(await ask('10.96.0.7:443'), 'one')
  services.route('default/hook', [await process(t, 'three')])
  t.equal(await ask('10.96.0.7:443'), 'three', 'the route was changed')
})

t.test('an address that leads nowhere is refused', async (t) => {
  const { services, ask } = await network(t)
  t.equal(await ask('10.96.0.7:443'), 503, 'no route')
  services.route('default/hook', [])
  t.equal(await ask('10.96.0.7:443'), 503, 'a route to no process')
  t.equal(await ask('10.96.0.8:443'), 503, 'no such Service')
})

t.test('a process that has ended refuses: the connection is closed without an answer', async (t) => {
  const { services, ask } = await network(t)
  services.route('default/hook', await freePorts(1))
  await t.rejects(ask('10.96.0.7:443'), { code: 'ECONNRESET' })
})

t.test('the API server asks for the cluster network only', async (t) => {
  const { egressSelections } = parse(egressSelector('/a "folder"/services.sock'))
  t.same(
    egressSelections.map((selection: { name: string }) => selection.name),
    ['cluster'],
  )
  t.equal(egressSelections[0].connection.transport.uds.udsName, '/a "folder"/services.sock')
})

t.test('a path that is too long for a socket says what to shorten', async (t) => {
  const services = new ServiceNetwork(async () => [])
  await t.rejects(services.listen(`/tmp/${'x'.repeat(100)}/services.sock`), {
    message: /set TMPDIR to a shorter/,
  })
})
