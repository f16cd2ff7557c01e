import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ApiClient } from './api-client.ts'
import type { Authority } from './authority.ts'
import { kubeconfig } from './kubeconfig.ts'
import type { User } from './users.ts'

/** One user's ways in. */
export interface Login {
  readonly client: ApiClient
  /** The path of their kubeconfig. */
  readonly kubeconfig: string
}

/** Who can log in to one API server, by client certificates. */
export class Logins {
  readonly #server: string
  readonly #authority: Authority
  readonly #folder: string
  readonly #logins = new Map<string, Login>()

  /** @param folder takes the kubeconfigs */
  constructor(server: string, authority: Authority, folder: string) {
    this.#server = server
    this.#authority = authority
    this.#folder = folder
  }

  async add(user: User): Promise<Login> {
    const { name, namespace } = user
    const credentials = await this.#authority.issue(user)
    const path = join(this.#folder, `${name.replaceAll(':', '-')}.kubeconfig`)
    const ca = this.#authority.certificate
    const access = { server: this.#server, ca, user: name, credentials }
    await writeFile(path, kubeconfig(namespace === undefined ? access : { ...access, namespace }), {
      mode: 0o600,
    })
    const login = { client: new ApiClient(this.#server, ca, credentials), kubeconfig: path }
    this.#logins.set(name, login)
    return login
  }

  get(name: string): Login {
    const login = this.#logins.get(name)
    if (login !== undefined) return login
    throw new Error(`There is no user ${name}, only ${[...this.#logins.keys()].join(', ')}`)
  }

  close(): void {
    for (const { client } of this.#logins.values()) client.close()
  }
}
