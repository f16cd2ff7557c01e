import { readFile } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import { fileFault, type Login, LoginError } from './login.ts'

/** Where the kubelet mounts what a Pod logs in with. */
const FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * The kubelet replaces a token when 80 % of its life (an hour, by default) are over, so one of a minute ago is good for
 * minutes more; client-go reads it anew each minute, too.
 */
export const TOKEN_AGE_MS = 60_000

export interface InClusterOptions {
  /** KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT, which every Pod has. */
  readonly host: string | undefined
  readonly port: string | undefined
  readonly folder?: string
  /** A clock in milliseconds that never goes back. */
  readonly clock?: () => number
}

/**
 * Logs in as the service account of the Pod that this runs in.
 *
 * With what Node itself has, on purpose: `@kubernetes/client-node` could do it too, but loading it takes 0.8 s of CPU and
 * 65 MB of memory more than this does (measured), and tallyman is to be ready within 2 s and to stay under 150 MB.
 */
export class InClusterLogin implements Login {
  readonly server: string
  readonly tls: Login['tls']
  readonly namespace: string
  readonly #path: string
  readonly #clock: () => number
  #token: string
  #readAt: number

  private constructor(server: string, files: Files, path: string, clock: () => number) {
    this.server = server
    this.tls = { ca: files.ca }
    this.namespace = files.namespace
    this.#path = path
    this.#clock = clock
    this.#token = files.token
    this.#readAt = clock()
  }

  /** Reads the folder. @throws LoginError where this is no Pod, or one without a token */
  static async open({ host, port, folder = FOLDER, clock = monotonic }: InClusterOptions) {
    if (!host || !port) {
      throw new LoginError(
        'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set, so this is no Pod of a cluster; outside of one, name a kubeconfig with --kubeconfig FILE',
      )
    }
    const path = join(folder, 'token')
    const files = {
      token: await readToken(path),
      ca: await read(join(folder, 'ca.crt')),
      namespace: (await read(join(folder, 'namespace'))).trim(),
    }
    const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`
    return new InClusterLogin(server, files, path, clock)
  }

  async headers(): Promise<Readonly<Record<string, string>>> {
    if (this.#clock() - this.#readAt >= TOKEN_AGE_MS) await this.#readAgain()
    return { authorization: `Bearer ${this.#token}` }
  }

  refused(): void {
    this.#readAt = Number.NEGATIVE_INFINITY
  }

  /** A file that cannot be read just now is no reason to give up the token at hand: the API server will say if it is bad. */
  async #readAgain(): Promise<void> {
    const token = await readToken(this.#path).catch(() => undefined)
    if (token === undefined) return
    this.#token = token
    this.#readAt = this.#clock()
  }
}

interface Files {
  readonly token: string
  readonly ca: string
  readonly namespace: string
}

const monotonic = () => performance.now()

async function readToken(path: string): Promise<string> {
  const token = (await read(path)).trim()
  // Anything else could not stand in a header.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new LoginError(`${path}: holds no token`)
  return token
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new LoginError(
      `${path}: ${fileFault(error)}; a Pod has it unless automountServiceAccountToken is false, in it or in its service account`,
      { cause: error },
    )
  }
}
