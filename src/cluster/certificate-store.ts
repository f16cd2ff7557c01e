import type { CertificateStore, Kept, StoreListener, TrustingEntry } from '../certificates/store.ts'
import type { CertificateData } from '../certificates/stored.ts'
import { ApiError, type ApplyingApi } from './api.ts'
import { Reflector } from './reflector.ts'
import { CONFIGURATION, CONFIGURATIONS_PATH } from './registration.ts'

/** The type of a Secret that holds `tls.crt` and `tls.key`; the API server keeps it as it was made. */
const TYPE = 'kubernetes.io/tls'

/** By this label a Secret is known as ours. */
const LABEL = 'app.kubernetes.io/managed-by'
const OURS = 'tallyman'

/** The owner of the fields of the webhook configuration that are ours, which a GitOps tool can be told to leave alone. */
export const FIELD_MANAGER = 'tallyman'

export interface ClusterStoreOptions {
  readonly api: ApplyingApi
  /** The namespace of the Pod, its Secret and its Service. */
  readonly namespace: string
  /** The Secret's name. */
  readonly secret: string
  /** The Service's name, by which the API server calls. */
  readonly service: string
}

/** Keeps certificates in a Secret, and has the webhook configuration trust their CA. */
export class ClusterStore implements CertificateStore {
  readonly name: string
  readonly #options: ClusterStoreOptions
  readonly #secrets: string
  readonly #secret: Reflector<Kept>
  readonly #configuration: Reflector<Configuration>

  constructor(options: ClusterStoreOptions) {
    const { api, namespace, secret } = options
    this.name = `Secret ${namespace}/${secret}`
    this.#options = options
    this.#secrets = `/api/v1/namespaces/${namespace}/secrets`
    this.#secret = new Reflector({
      api,
      path: this.#secrets,
      query: { fieldSelector: `metadata.name=${secret}` },
      project: (object) => readSecret(object, this.name),
    })
    this.#configuration = new Reflector({
      api,
      path: CONFIGURATIONS_PATH,
      query: { fieldSelector: `metadata.name=${CONFIGURATION}` },
      project: (object) => readConfiguration(object, options),
    })
  }

  now(): Date {
    return this.#options.api.now()
  }

  get kept(): Kept | undefined | 'unread' {
    const { namespace, secret } = this.#options
    return this.#secret.synced ? this.#secret.items.get(`${namespace}/${secret}`) : 'unread'
  }

  get entries(): readonly TrustingEntry[] | 'unread' {
    if (!this.#configuration.synced) return 'unread'
    return this.#configuration.items.get(CONFIGURATION)?.entries ?? []
  }

  async keep(data: CertificateData, over: Kept | undefined): Promise<boolean> {
    const { api, secret: name } = this.#options
    const encoded = Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    )
    return await this.#written(this.name, async () => {
      if (over === undefined) {
        const metadata = { name, labels: { [LABEL]: OURS } }
        await api.send('POST', this.#secrets, {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata,
          type: TYPE,
          data: encoded,
        })
      } else {
        const metadata = { resourceVersion: over.version }
        await api.send('PATCH', `${this.#secrets}/${name}`, { metadata, data: encoded })
      }
    })
  }

  async trust(bundle: string): Promise<boolean> {
    const { api } = this.#options
    const configuration = this.#configuration.items.get(CONFIGURATION)
    if (configuration === undefined) return false
    const caBundle = Buffer.from(bundle).toString('base64')
    const webhooks = configuration.entries
      .filter(({ foreign }) => foreign === undefined)
      .map(({ name }) => ({ name, clientConfig: { caBundle } }))
    return await this.#written(`ValidatingWebhookConfiguration ${CONFIGURATION}`, async () => {
      // Applied, so that the field has us for its owner. Of this very object only: one that was deleted does not come back.
      const { uid, version: resourceVersion } = configuration
      await api.apply(`${CONFIGURATIONS_PATH}/${CONFIGURATION}`, FIELD_MANAGER, {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: CONFIGURATION, uid, resourceVersion },
        webhooks,
      })
    })
  }

  async follow(listener: StoreListener, signal: AbortSignal): Promise<void> {
    const telling = (what: string) => ({
      changed: () => listener.changed(),
      failed: (error: Error) => listener.failed(new Error(`${what}: cannot be read: ${error.message}`)),
      recovered: () => listener.changed(),
    })
    await Promise.all([
      this.#secret.run(telling(this.name), signal),
      this.#configuration.run(telling(`ValidatingWebhookConfiguration ${CONFIGURATION}`), signal),
    ])
  }

  /** @returns false where somebody else was first, or it is gone meanwhile: the watch brings what there is now */
  async #written(what: string, write: () => Promise<void>): Promise<boolean> {
    try {
      await write()
      return true
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.status === 409 || error.status === 404) return false
      const advice = error.status === 403 ? '; deploy/ gives tallyman the right' : ''
      throw new Error(`${what}: cannot be written: ${error.message}${advice}`, { cause: error })
    }
  }
}

interface Configuration {
  readonly uid: string
  readonly version: string
  readonly entries: readonly TrustingEntry[]
}

interface Metadata {
  readonly uid: string
  readonly resourceVersion: string
  readonly labels?: Readonly<Record<string, string>>
}

function readSecret(object: object, name: string): Kept {
  const { metadata, type, data } = object as {
    metadata: Metadata
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

function readConfiguration(object: object, { namespace, service }: ClusterStoreOptions): Configuration {
  const { metadata, webhooks } = object as { metadata: Metadata; webhooks?: readonly unknown[] | null }
  const entries = (webhooks ?? []).map((webhook) => readEntry(webhook, `${service}.${namespace}`))
  return { uid: metadata.uid, version: metadata.resourceVersion, entries }
}

/** @param ours the Service that is ours, `NAME.NAMESPACE` */
function readEntry(webhook: unknown, ours: string): TrustingEntry {
  const { name, clientConfig } = webhook as {
    name: string
    clientConfig: { caBundle?: string; url?: string; service?: { name: string; namespace: string } }
  }
  const entry = { name, caBundle: Buffer.from(clientConfig.caBundle ?? '', 'base64').toString('utf8') }
  const { service, url } = clientConfig
  const named = service && `${service.name}.${service.namespace}`
  if (named === ours) return entry
  const leadsTo = named === undefined ? `url ${url ?? ''}` : `service ${named}`
  const field = `ValidatingWebhookConfiguration ${CONFIGURATION}: webhooks[${name}].clientConfig`
  return {
    ...entry,
    foreign: `${field} leads to the ${leadsTo}, not to the service ${ours} for which this tallyman has its certificate; another installation in this cluster, or another --service?`,
  }
}
