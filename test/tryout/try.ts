// Posts the sample reviews of test/fixtures/reviews to a running tallyman, as the API server would, and prints what
// kubectl would print. Usage: node test/tryout/try.ts https://127.0.0.1:8443
import { readdirSync, readFileSync } from 'node:fs'
import { request } from 'node:https'
import { kubectlOutput, type Review, type ReviewAnswer } from './kubectl-output.ts'

/** The API server gives a webhook this long (`timeoutSeconds` in deploy/). */
const TIMEOUT_MS = 5_000

const REVIEWS = new URL('../fixtures/reviews/', import.meta.url)
const CA = new URL('../../certs/ca.crt', import.meta.url)

const base = process.argv[2] ?? 'https://127.0.0.1:8443'

try {
  const ca = readFileSync(CA, 'utf8')
  for (const file of readdirSync(REVIEWS).sort()) {
    if (!file.endsWith('.json')) continue
    const body = readFileSync(new URL(file, REVIEWS), 'utf8')
    const answer = JSON.parse(await post(body, ca)) as ReviewAnswer
    const { title, lines } = kubectlOutput(JSON.parse(body) as Review, answer)
    process.stdout.write(`# ${file}\n$ ${title}\n${lines.join('\n')}\n\n`)
  }
} catch (error) {
  process.stderr.write(`${advice(error as NodeJS.ErrnoException)}\n`)
  process.exitCode = 1
}

function post(body: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const url = new URL('/validate?timeout=5s', base)
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const asked = request(url, { method: 'POST', ca, headers, timeout: TIMEOUT_MS }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        text += chunk
      })
      answer.on('end', () =>
        answer.statusCode === 200
          ? resolve(text)
          : reject(new Error(`HTTP ${answer.statusCode}: ${text.trim()}`)),
      )
    })
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)))
    asked.on('error', reject)
    asked.end(body)
  })
}

function advice({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ECONNREFUSED':
      return `Nothing listens on ${base}. Start tallyman in another terminal first: make run`
    case 'ENOENT':
      return 'There is no development certificate yet. Start tallyman in another terminal first: make run'
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_SIGNATURE_FAILURE':
      return `What listens on ${base} has another certificate than certs/tls.crt. Stop it, and start: make run`
    default:
      return `${base} did not answer as expected: ${message}`
  }
}
