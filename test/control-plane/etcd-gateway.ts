/** What a test does to etcd behind the API server's back, over its HTTP gateway. */
export class EtcdGateway {
  readonly #url: string

  /** @param url `http://127.0.0.1:PORT` */
  constructor(url: string) {
    this.#url = url
  }

  health(): Promise<Response> {
    return ask(`${this.#url}/health`)
  }

  /** Writes a key that means nothing to the API server. @returns the revision that this made */
  async advance(): Promise<number> {
    const key = Buffer.from('tallyman-test').toString('base64')
    const { header } = (await this.#call('put', { key, value: key })) as { header: { revision: string } }
    return Number(header.revision)
  }

  /** Forgets all that was before a revision. */
  async compact(revision: number): Promise<void> {
    await this.#call('compaction', { revision: String(revision), physical: true })
  }

  async #call(method: string, body: object): Promise<unknown> {
    const response = await ask(`${this.#url}/v3/kv/${method}`, { method: 'POST', body: JSON.stringify(body) })
    const said = await response.text()
    if (!response.ok) throw new Error(`etcd: ${method}: ${response.status} ${said}`)
    return JSON.parse(said)
  }
}

/** fetch keeps what was wrong with a connection in the cause of its error. */
async function ask(url: string, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    throw (error as Error).cause ?? error
  }
}
