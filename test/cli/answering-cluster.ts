import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Test } from 'tap'
import { developmentCertificates } from '../../src/certificates/development.ts'
import { kubeconfig } from '../control-plane/kubeconfig.ts'

const HOST = '127.0.0.1'
export const POLICIES = '/apis/tallyman.dev/v1alpha1/tagpolicies'
export const NAMESPACES = '/api/v1/namespaces'

/** What an API server answers, by path: an object, a list where it is an array, or a status and its message. */
export type Answers = Readonly<
  Record<string, object | readonly object[] | readonly [status: number, message: string]>
>

/**
 * Serves over HTTPS what an API server would answer at a few paths, for the time of a test; what it has not is 404.
 * @returns the path of a kubeconfig that leads to it, whose namespace is `team-a`
 */
export async function answeringCluster(t: Test, answers: Answers): Promise<string> {
  const { ca, serving } = await developmentCertificates([HOST])
  const server = createServer({ cert: serving.certificate, key: serving.key }, (request, response) => {
    const { pathname } = new URL(request.url ?? '/', `https://${HOST}`)
    const { status, body } = answerOf(answers[pathname] ?? [404, `${pathname} not found`])
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  server.listen(0, HOST)
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const text = kubeconfig({
    server: `https://${HOST}:${port}`,
    ca,
    user: 'owner',
    credentials: serving,
    namespace: 'team-a',
  })
  const path = join(t.testdir(), 'kubeconfig')
  await writeFile(path, text)
  return path
}

function answerOf(answer: Answers[string]): { status: number; body: object } {
  if (!Array.isArray(answer)) return { status: 200, body: answer }
  const [status, message] = answer
  if (typeof status === 'number')
    return { status, body: { kind: 'Status', apiVersion: 'v1', code: status, message } }
  return { status: 200, body: { kind: 'List', metadata: { resourceVersion: '1' }, items: answer } }
}

/** A TagPolicy as a list has it: an item does not say of which kind it is. */
export function tagPolicy(name: string, spec: object): object {
  return { metadata: { name, uid: 'u', resourceVersion: '7', generation: 2 }, spec }
}

export function namespace(name: string, labels: Readonly<Record<string, string>> = {}): object {
  return { metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } } }
}
