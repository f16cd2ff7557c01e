import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import t, { type Test } from 'tap'
import { AnswerTooLong, answered, MAX_ANSWER_BYTES, refusal } from '../../src/cluster/answer.ts'
import { answer, certificates, refuse, type Script, ScriptedApiServer } from './scripted-api-server.ts'

/** What a real client gets where a script answers. */
async function asked(t: Test, script: Script): Promise<IncomingMessage> {
  const server = await ScriptedApiServer.start(t)
  server.script('GET', script)
  const [response] = await once(get(`${server.url}/p`, { ca: certificates.ca, agent: false }), 'response')
  return response
}

t.test('JSON', async (t) => {
  const response = await asked(t, (response) => answer(response, 200, { a: 'größe' }))
  t.strictSame(await answered(response, '/p'), { a: 'größe' })
})

t.test('what is refused', async (t) => {
  const long = 'x'.repeat(100_000)
  const cases: [
    what: string,
    script: Script,
    error: { status: number; reason?: string; message: string | RegExp },
  ][] = [
    [
      'a Status',
      (response) => refuse(response, 403, 'Forbidden', 'namespaces is forbidden'),
      { status: 403, reason: 'Forbidden', message: 'namespaces is forbidden' },
    ],
    [
      'a Status that would forge output',
      (response) => refuse(response, 409, 'Conflict', 'a\nb\u001b[31m'),
      { status: 409, message: 'a\\u{a}b\\u{1b}[31m' },
    ],
    [
      'a Status that says nothing',
      (response) => answer(response, 500, { kind: 'Status' }),
      { status: 500, reason: '', message: '500' },
    ],
    [
      'plain text, as where there is no such list',
      (response) => response.writeHead(404).end('404 page not found\n'),
      { status: 404, reason: '', message: '/p: 404 Not Found: 404 page not found' },
    ],
    [
      "a proxy's page",
      (response) => response.writeHead(502).end(`<html>\n<body>${long}`),
      { status: 502, message: /^\/p: 502 Bad Gateway: <html> <body>xxx.*\.\.\.$/ },
    ],
    [
      'a redirect',
      (response) => response.writeHead(302, { location: '/q' }).end(),
      { status: 302, message: '/p: 302 Found' },
    ],
    [
      'no JSON where there should be',
      (response) => response.writeHead(200).end('<html>'),
      { status: 200, message: '/p: the answer is no JSON: <html>' },
    ],
  ]
  for (const [what, script, error] of cases)
    await t.test(what, async (t) => t.rejects(answered(await asked(t, script), '/p'), error))
})

t.test('a refusal is an error to throw', async (t) => {
  const response = await asked(t, (response) => refuse(response, 404, 'NotFound', 'not found'))
  t.match(await refusal(response, '/p'), { name: 'ApiError', status: 404, reason: 'NotFound' })
})

t.test('a long answer is not read to its end', async (t) => {
  const chunk = Buffer.alloc(1024 * 1024, 'x')
  const response = await asked(t, (response) => {
    const more = () => {
      while (response.write(chunk));
      response.once('drain', more)
    }
    more()
  })
  await t.rejects(answered(response, '/p'), new AnswerTooLong('/p'))
  t.ok(MAX_ANSWER_BYTES >= 1.5 * 1024 * 1024 * 6, 'the largest object of etcd, with each byte written as six')
})
