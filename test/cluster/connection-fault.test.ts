import t from 'tap'
import { connectionFault, tooSlow } from '../../src/cluster/connection-fault.ts'

const SERVER = 'https://10.96.0.1:443'

t.test('what is wrong with a connection, in words', async (t) => {
  const cases: [code: string | undefined, message: string, said: string][] = [
    ['ECONNREFUSED', 'connect ECONNREFUSED 10.96.0.1:443', 'nothing listens there'],
    ['ECONNREFUSED', '', 'nothing listens there'],
    ['ECONNRESET', 'socket hang up', 'the connection was cut'],
    ['ENOTFOUND', 'getaddrinfo ENOTFOUND api', 'there is no host of that name'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'x', 'its certificate is not signed by the CA of this login'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'Hostname does not match', 'Hostname does not match'],
    ['ESOMETHING', '', 'ESOMETHING'],
    [undefined, 'odd\n\u001b[31m', 'odd\\u{a}\\u{1b}[31m'],
  ]
  for (const [code, message, said] of cases) {
    const cause = Object.assign(new Error(message), { code })
    t.match(connectionFault(SERVER, cause), {
      name: 'ApiError',
      message: `API server ${SERVER}: ${said}`,
      status: 0,
      reason: '',
      cause,
    })
  }
})

t.test('a server that is too slow', async (t) => {
  t.match(tooSlow(SERVER, 0.5), { message: `API server ${SERVER}: no answer within 0.5 s`, status: 0 })
})
