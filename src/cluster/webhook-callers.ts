import type { FollowListener, TrustingCallers, TrustingEntry } from '../certificates/callers.ts'
import type { ApplyingApi } from './api.ts'
import { Reflector } from './reflector.ts'
import { CONFIGURATION, CONFIGURATIONS_PATH, WORKLOADS_ENTRY } from './registration.ts'
import { telling } from './telling.ts'
import { written } from './written.ts'

/** The owner of the fields of the webhook configuration that are ours, which a GitOps tool can be told to leave alone. */
export const FIELD_MANAGER = 'tallyman'

const NAME = `ValidatingWebhookConfiguration ${CONFIGURATION}`

export interface WebhookCallersOptions {
  readonly api: ApplyingApi
  /** The namespace of the Pod and its Service. */
  readonly namespace: string
  /** The Service's name, by which the API server calls. */
  readonly service: string
}

/** The API servers of a cluster, which call as the webhook configuration tells them. */
export class WebhookCallers implements TrustingCallers {
  readonly host: string
  readonly #api: ApplyingApi
  readonly #configuration: Reflector<Configuration>

  constructor({ api, namespace, service }: WebhookCallersOptions) {
    this.host = `${service}.${namespace}.svc`
    this.#api = api
    this.#configuration = new Reflector({
      api,
      path: CONFIGURATIONS_PATH,
      query: { fieldSelector: `metadata.name=${CONFIGURATION}` },
      project: (object) => readConfiguration(object, `${service}.${namespace}`),
    })
  }

  now(): Date {
    return this.#api.now()
  }

  get entries(): readonly TrustingEntry[] | 'unread' {
    if (!this.#configuration.synced) return 'unread'
    return this.#configuration.items.get(CONFIGURATION)?.entries ?? []
  }

  async trust(bundles: ReadonlyMap<string, string>): Promise<boolean> {
    const configuration = this.#configuration.items.get(CONFIGURATION)
    if (configuration === undefined) return false
    const webhooks = [...bundles].map(([name, bundle]) => ({
      name,
      clientConfig: { caBundle: Buffer.from(bundle).toString('base64') },
    }))
    return await written(NAME, async () => {
      // Applied, so that the field has us for its owner. Of this very object only: one that was deleted does not come back.
      const { uid, version: resourceVersion } = configuration
      await this.#api.apply(`${CONFIGURATIONS_PATH}/${CONFIGURATION}`, FIELD_MANAGER, {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: CONFIGURATION, uid, resourceVersion },
        webhooks,
      })
    })
  }

  async follow(listener: FollowListener, signal: AbortSignal): Promise<void> {
    await this.#configuration.run(telling(NAME, listener), signal)
  }
}

interface Configuration {
  readonly uid: string
  readonly version: string
  readonly entries: readonly TrustingEntry[]
}

function readConfiguration(object: object, ours: string): Configuration {
  const { metadata, webhooks } = object as {
    metadata: { uid: string; resourceVersion: string }
    webhooks?: readonly unknown[] | null
  }
  const entries = (webhooks ?? []).map((webhook) => readEntry(webhook, ours))
  return { uid: metadata.uid, version: metadata.resourceVersion, entries }
}

/** @param ours the Service that is ours, `NAME.NAMESPACE` */
function readEntry(webhook: unknown, ours: string): TrustingEntry {
  const { name, clientConfig } = webhook as {
    name: string
    clientConfig: { caBundle?: string; url?: string; service?: { name: string; namespace: string } }
  }
  const field = `${NAME}: webhooks[${name}].clientConfig`
  const caBundle = Buffer.from(clientConfig.caBundle ?? '', 'base64').toString('utf8')
  const entry = { name, primary: name === WORKLOADS_ENTRY, field, caBundle }
  const { service, url } = clientConfig
  const named = service && `${service.name}.${service.namespace}`
  if (named === ours) return entry
  const leadsTo = named === undefined ? `url ${url ?? ''}` : `service ${named}`
  return {
    ...entry,
    elsewhere: {
      by: named === undefined ? 'url' : 'service',
      problem: `${field} leads to the ${leadsTo}, not to the service ${ours} for which this tallyman has its certificate; another installation in this cluster, or another --service?`,
    },
  }
}
