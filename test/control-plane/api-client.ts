import { once } from 'node:events'
import { Agent, request } from 'node:https'
import { text } from 'node:stream/consumers'
import type { Credentials } from './authority.ts'

/** An answer of the API server. */
export interface Answer {
  readonly status: number
  /** Parsed where it is JSON, else the text. */
  readonly body: unknown
  /** The texts of its `Warning` headers, as kubectl prints them. */
  readonly warnings: readonly string[]
}

/** How a service account logs in. */
export interface Token {
  readonly token: string
}

/** Speaks to an API server as one user, in plain requests: what kubectl does to them is no part of a test. */
export class ApiClient {
  readonly #server: string
  readonly #agent: Agent
  readonly #authorization: { readonly authorization?: string }

  constructor(server: string, ca: string, login: Credentials | Token) {
    this.#server = server
    const certified = 'token' in login ? {} : { cert: login.certificate, key: login.key }
    this.#agent = new Agent({ keepAlive: true, ca, ...certified })
    this.#authorization = 'token' in login ? { authorization: `Bearer ${login.token}` } : {}
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path)
  }

  create(path: string, body: object): Promise<Answer> {
    return this.send('POST', path, body)
  }

  /** @param type of a PATCH; the default is RFC 7386, which fits most tests */
  async send(
    method: string,
    path: string,
    body?: object,
    type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
  ): Promise<Answer> {
    const sent = request(new URL(path, this.#server), {
      method,
      agent: this.#agent,
      headers: {
        accept: 'application/json',
        ...this.#authorization,
        ...(body === undefined ? {} : { 'content-type': type }),
      },
    })
    sent.end(body === undefined ? undefined : JSON.stringify(body))
    const [response] = await once(sent, 'response')
    const said = await text(response)
    return {
      status: response.statusCode,
      body: parsed(said),
      warnings: (response.headersDistinct.warning ?? []).map(warningText),
    }
  }

  /** Closes its connections; those that the server holds open would keep this process alive. */
  close(): void {
    this.#agent.destroy()
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

/** The text of a `Warning` header (RFC 7234, 5.5), `299 - "text"`, with its backslashes taken out. */
export function warningText(header: string): string {
  const quoted = /^\d{3} \S+ "((?:[^"\\]|\\.)*)"/.exec(header)?.[1]
  return quoted === undefined ? header : quoted.replaceAll(/\\(.)/g, '$1')
}
