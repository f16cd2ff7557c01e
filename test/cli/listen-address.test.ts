import t from 'tap'
import { hostInUrl, hostOption, parseHost, parsePort } from '../../src/cli/listen-address.ts'

t.test('ports', async (t) => {
  for (const text of ['0', '1', '8443', '65535']) t.equal(parsePort(text), Number(text))
  for (const text of ['', '-1', '65536', '8443x', '0x10', '1e3', '1.5', ' 80', '000080'])
    t.throws(() => parsePort(text), /from 0 .* to 65535/, JSON.stringify(text))
})

t.test('hosts', async (t) => {
  for (const text of ['127.0.0.1', '::', '::1', 'localhost', 'a-b.example.com', 'tallyman.tallyman.svc'])
    t.equal(parseHost(text), text)
  for (const text of [
    '',
    '127.0.0',
    '1.2.3.4.5',
    '[::1]',
    'a b',
    '-a',
    'a_b',
    'http://a',
    'a..b',
    'a:1',
    'x'.repeat(64),
  ])
    t.throws(() => parseHost(text), /IP address/, JSON.stringify(text))
})

t.test('several hosts come together', async (t) => {
  const { parseArg } = hostOption('--host <name...>', '')
  t.strictSame(parseArg?.('b', ['a'] as never), ['a', 'b'])
})

t.test('an IPv6 address stands in brackets in a URL', async (t) => {
  t.equal(hostInUrl('::1'), '[::1]')
  t.equal(hostInUrl('127.0.0.1'), '127.0.0.1')
})
