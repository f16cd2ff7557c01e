import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { LOOPBACK } from './free-ports.ts'

/** The parts of a Service that say what its address stands for. */
export interface Service {
  readonly metadata: { readonly namespace: string; readonly name: string }
  readonly spec: { readonly clusterIPs?: readonly string[] }
}

/** macOS allows 104 bytes with the final zero (sockaddr_un), Linux 108; Node only says EINVAL. */
const LONGEST_SOCKET = 103

/**
 * Lets the API server reach Services, so that a webhook can be installed as it is in a cluster: with a
 * `clientConfig.service` rather than a URL.
 *
 * In a cluster the nodes' kube-proxy does this. Here the API server asks a proxy for each connection into the cluster
 * network (KEP 1281, the egress selector), and this is that proxy. It chooses one of the Service's processes for each
 * new connection, in turn; like kube-proxy it knows nothing of requests.
 */
export class ServiceNetwork {
  readonly #server: Server
  readonly #services: () => Promise<readonly Service[]>
  readonly #routes = new Map<string, { readonly ports: readonly number[]; next: number }>()
  readonly #tunnels = new Set<Duplex>()

  /** @param services lists the Services of all namespaces */
  constructor(services: () => Promise<readonly Service[]>) {
    this.#services = services
    this.#server = createServer()
    this.#server.on('connect', ({ url = '' }, client: Duplex, head: Buffer) => {
      void this.#connect(url, client, head)
    })
  }

  async listen(socket: string): Promise<void> {
    if (Buffer.byteLength(socket) > LONGEST_SOCKET) {
      throw new Error(`The path of a socket may not be as long as ${socket}: set TMPDIR to a shorter one`)
    }
    await once(this.#server.listen(socket), 'listening')
  }

  /**
   * Sends new connections to a Service to these ports on loopback; connections that stand are left alone.
   * @param service `namespace/name`
   */
  route(service: string, ports: readonly number[]): void {
    this.#routes.set(service, { ports, next: 0 })
  }

  close(): void {
    this.#server.close()
    for (const tunnel of this.#tunnels) tunnel.destroy()
  }

  async #connect(address: string, client: Duplex, head: Buffer): Promise<void> {
    this.#keep(client)
    const port = await this.#choose(address).catch(() => undefined)
    if (port === undefined) {
      client.end('HTTP/1.1 503 No endpoints\r\n\r\n')
      return
    }
    const server = connect(port, LOOPBACK)
    this.#keep(server)
    server.once('connect', () => {
      client.write('HTTP/1.1 200 Connected\r\n\r\n')
      server.write(head)
      client.pipe(server).pipe(client)
    })
    // The end of one is the end of both, but what was said before it is still passed on; `pipe` sees to neither where a
    // connection is refused or breaks.
    server.once('close', (broken: boolean) => (broken ? client.destroy() : client.end()))
    client.once('close', (broken: boolean) => (broken ? server.destroy() : server.end()))
  }

  /** The next port of the Service that an address (`10.96.0.7:443`) belongs to. */
  async #choose(address: string): Promise<number | undefined> {
    const ip = address.slice(0, address.lastIndexOf(':'))
    const service = (await this.#services()).find(({ spec }) => spec.clusterIPs?.includes(ip))
    if (service === undefined) return undefined
    const route = this.#routes.get(`${service.metadata.namespace}/${service.metadata.name}`)
    if (route === undefined) return undefined
    const port = route.ports[route.next % route.ports.length]
    route.next += 1
    return port
  }

  #keep(socket: Duplex): void {
    this.#tunnels.add(socket)
    socket.on('error', () => {}) // `close` follows, and is all that matters
    socket.once('close', () => this.#tunnels.delete(socket))
  }
}

/** The API server's side: what goes to the cluster network goes through that socket, anything else directly. */
export function egressSelector(socket: string): string {
  return `apiVersion: apiserver.k8s.io/v1beta1
kind: EgressSelectorConfiguration
egressSelections:
  - name: cluster
    connection:
      proxyProtocol: HTTPConnect
      transport: {uds: {udsName: ${JSON.stringify(socket)}}}
`
}
