import type { FollowListener } from '../certificates/callers.ts'
import type { CertificateStore, Kept } from '../certificates/store.ts'
import type { CertificateData } from '../certificates/stored.ts'
import type { Api } from './api.ts'
import { Reflector } from './reflector.ts'
import { telling } from './telling.ts'
import { written } from './written.ts'

/** The type of a Secret that holds `tls.crt` and `tls.key`; the API server keeps it as it was made. */
const TYPE = 'kubernetes.io/tls'

/** By this label a Secret is known as ours. */
const LABEL = 'app.kubernetes.io/managed-by'
const OURS = 'tallyman'

export interface SecretStoreOptions {
  readonly api: Api
  readonly namespace: string
  /** The Secret's name. */
  readonly secret: string
}

/** Keeps certificates in a Secret. */
export class SecretStore implements CertificateStore {
  readonly name: string
  readonly #api: Api
  readonly #key: string
  readonly #secretName: string
  readonly #path: string
  readonly #secret: Reflector<Kept>

  constructor({ api, namespace, secret }: SecretStoreOptions) {
    this.name = `Secret ${namespace}/${secret}`
    this.#api = api
    this.#key = `${namespace}/${secret}`
    this.#secretName = secret
    this.#path = `/api/v1/namespaces/${namespace}/secrets`
    this.#secret = new Reflector({
      api,
      path: this.#path,
      query: { fieldSelector: `metadata.name=${secret}` },
      project: (object) => readSecret(object, this.name),
    })
  }

  get kept(): Kept | undefined | 'unread' {
    return this.#secret.synced ? this.#secret.items.get(this.#key) : 'unread'
  }

  async keep(data: CertificateData, over: Kept | undefined): Promise<boolean> {
    const encoded = Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    )
    return await written(this.name, async () => {
      if (over === undefined) {
        const metadata = { name: this.#secretName, labels: { [LABEL]: OURS } }
        const secret = { apiVersion: 'v1', kind: 'Secret', metadata, type: TYPE, data: encoded }
        await this.#api.send('POST', this.#path, secret)
      } else {
        const metadata = { resourceVersion: over.version }
        await this.#api.send('PATCH', `${this.#path}/${this.#secretName}`, { metadata, data: encoded })
      }
    })
  }

  async follow(listener: FollowListener, signal: AbortSignal): Promise<void> {
    await this.#secret.run(telling(this.name, listener), signal)
  }
}

function readSecret(object: object, name: string): Kept {
  const { metadata, type, data } = object as {
    metadata: { resourceVersion: string; labels?: Readonly<Record<string, string>> }
    type?: string
    data?: Readonly<Record<string, string>> | null
  }
  const kept: Kept = {
    version: metadata.resourceVersion,
    data: Object.fromEntries(
      Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
    ),
  }
  if (metadata.labels?.[LABEL] !== OURS)
    return {
      ...kept,
      foreign: `${name}: metadata.labels has no ${LABEL}: ${OURS}, so it is somebody else's and stays as it is; delete it, or have tallyman keep its certificate in another (--certificate-secret)`,
    }
  if (type !== TYPE)
    return {
      ...kept,
      foreign: `${name}: type is ${type ?? 'Opaque'}, which nobody can change, and has to be ${TYPE}; delete it, and tallyman makes it anew`,
    }
  return kept
}
