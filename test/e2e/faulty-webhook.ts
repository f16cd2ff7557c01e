import { once } from 'node:events'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Test } from 'tap'
import type { Credentials } from '../control-plane/authority.ts'
import { LOOPBACK } from '../control-plane/free-ports.ts'

/** Something that listens where tallyman should, and answers whatever comes with the same bytes. */
export interface Faulty {
  readonly name: string
  /** Whether it speaks TLS, with a certificate that the API server trusts. */
  readonly tls: boolean
  readonly answer: string
}

/** Starts it for the time of a test. @returns its port */
export async function faultyWebhook(
  t: Test,
  { tls, answer }: Faulty,
  { certificate, key }: Credentials,
): Promise<number> {
  const connections = new Set<Socket>()
  const speak = (socket: Socket): void => {
    connections.add(socket)
    socket.on('error', () => {}) // the API server may go first
    let received = ''
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text
      if (!tls || isWhole(received)) socket.end(answer)
    })
  }
  const server: Server = tls
    ? createTlsServer({ cert: certificate, key }, speak).on('tlsClientError', () => {})
    : createTcpServer(speak)
  t.teardown(() => {
    server.close()
    for (const socket of connections) socket.destroy()
  })
  await once(server.listen(0, LOOPBACK), 'listening')
  return (server.address() as AddressInfo).port
}

/** Whether a request of HTTP is there: who has not sent all of it yet may tell of a broken connection, and not of the answer. */
function isWhole(received: string): boolean {
  const head = received.slice(0, received.indexOf('\r\n\r\n'))
  const length = /^content-length: (\d+)$/im.exec(head)?.[1]
  return length !== undefined && received.length >= head.length + 4 + Number(length)
}

/** An answer in HTTP. */
export function http(
  status: string,
  body: string,
  headers: readonly string[] = ['Content-Type: application/json'],
): string {
  const lines = [
    `HTTP/1.1 ${status}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...headers,
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}
