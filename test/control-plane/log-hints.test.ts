import { existsSync } from 'node:fs'
import t from 'tap'
import { explained, explainLog, portWasTaken, tail } from './log-hints.ts'

/** A file system that never has room: Linux's /proc. */
const NO_ROOM = '/proc/self'

const cases: [log: string, hint: RegExp | '', taken: boolean][] = [
  ['listen tcp 127.0.0.1:2379: bind: address already in use', /port.*try again/, true],
  ['write /tmp/x: no space left on device', /disk is full/, false],
  ['etcdserver: mvcc: database space exceeded', /disk is full/, false],
  ['compile: signal: killed', /too little free memory/, false],
  [
    'go: k8s.io/api@v0.36.3: Get "https://proxy": dial tcp: lookup proxy: no such host',
    /go env GOPROXY/,
    false,
  ],
  ['k8s.io/api@v0.36.3: Get "https://proxy": 403 Forbidden', /go env GOPROXY/, false],
  ['grpc: dial tcp 127.0.0.1:2379: connect: connection refused', '', false],
  ['', '', false],
]
for (const [log, hint, taken] of cases) {
  t.test(`a log of ${JSON.stringify(log)}`, async (t) => {
    if (hint === '') t.equal(explainLog(log), '')
    else t.match(explainLog(log), hint)
    t.equal(portWasTaken(log), taken)
  })
}

t.test('the tail has the last lines, indented and without empty ones', async (t) => {
  const log = `${Array.from({ length: 40 }, (_, i) => `line ${i}`).join('\n\n')}\n`
  const lines = tail(log).split('\n')
  t.equal(lines.length, 12)
  t.equal(lines.at(-1), '  line 39')
})

const HINT = ' The disk is full: free some space and try again.'
const messages: [message: string, explained: string][] = [
  ['ENOSPC: no space left on device, write', `ENOSPC: no space left on device, write.${HINT}`],
  [`etcd ended.${HINT} It logged last:\n  ENOSPC`, `etcd ended.${HINT} It logged last:\n  ENOSPC`],
  ['etcd ended with exit code 2.', 'etcd ended with exit code 2.'],
]
for (const [message, expected] of messages) {
  t.test(`a message of ${JSON.stringify(message)}, explained`, async (t) =>
    t.equal(await explained(message, t.testdirName), expected),
  )
}

t.test('a disk that is full may be the cause of any failure', { skip: !existsSync(NO_ROOM) }, async (t) => {
  t.equal(await explained('etcd ended with exit code 2.', NO_ROOM), `etcd ended with exit code 2.${HINT}`)
})
