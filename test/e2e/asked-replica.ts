import { once } from 'node:events'
import { Agent, request } from 'node:https'
import { text } from 'node:stream/consumers'
import { LOOPBACK } from '../control-plane/free-ports.ts'
import type { Replica } from './replica.ts'

/** A replica that is asked as the API server would ask it, so that one knows which of several has answered. */
export class AskedReplica {
  readonly #port: number
  readonly #agent: Agent

  /** @param ca of its certificate */
  constructor({ port }: Pick<Replica, 'port'>, ca: string) {
    this.#port = port
    this.#agent = new Agent({ ca, servername: 'tallyman.tallyman.svc', keepAlive: true })
  }

  /** Whether somebody may create a PodTemplate with an image in a namespace. */
  async allows(namespace: string, image: string): Promise<boolean> {
    const body = JSON.stringify(review(namespace, image))
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const target = { host: LOOPBACK, port: this.#port, path: '/validate?timeout=5s', method: 'POST' }
    const sent = request({ ...target, agent: this.#agent, headers }).end(body)
    const [response] = await once(sent, 'response')
    const said = await text(response)
    if (response.statusCode !== 200) throw new Error(`${response.statusCode}: ${said}`)
    return (JSON.parse(said) as { response: { allowed: boolean } }).response.allowed
  }

  close(): void {
    this.#agent.destroy()
  }
}

function review(namespace: string, image: string): object {
  const template = { spec: { containers: [{ name: 'main', image }] } }
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: 'a',
      kind: { group: '', version: 'v1', kind: 'PodTemplate' },
      resource: { group: '', version: 'v1', resource: 'podtemplates' },
      namespace,
      operation: 'CREATE',
      userInfo: { username: 'somebody' },
      object: { apiVersion: 'v1', kind: 'PodTemplate', metadata: { name: 'a', namespace }, template },
      dryRun: true,
    },
  }
}
