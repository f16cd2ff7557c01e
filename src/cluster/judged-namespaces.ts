import type { Namespace } from '../policy/switch.ts'
import { type Api, ApiError, type AskOptions } from './api.ts'
import { CONFIGURATION, CONFIGURATIONS_PATH, WORKLOADS_ENTRY } from './registration.ts'

/** Whether the API server asks tallyman about what is in a namespace (empty: objects of cluster scope). */
export type Judged = (namespace: Namespace) => boolean

/** What deploy/base leaves out; a test compares it. */
const AS_INSTALLED: Selector = {
  matchExpressions: [
    { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system', 'tallyman'] },
  ],
}

/** An answer to a change waits for it. */
const DEADLINE_MS = 300

/** A meta/v1 LabelSelector, as far as it makes sense. */
interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly {
    readonly key?: string
    readonly operator?: string
    readonly values?: readonly string[]
  }[]
}

/**
 * Reads which namespaces the webhook configuration leaves out (`namespaceSelector`). Where it is not installed or may not be
 * read, that is what deploy/ would leave out.
 * @throws ApiError where the API server does not answer
 */
export async function judgedNamespaces(api: Api, options: AskOptions = {}): Promise<Judged> {
  return judgedBy(await namespaceSelector(api, options))
}

/** The same of one namespace, with all its labels; where the API server does not say it in time, yes. */
export async function isJudged(api: Api, namespace: Namespace): Promise<boolean> {
  try {
    return (await judgedNamespaces(api, { timeoutMs: DEADLINE_MS }))(namespace)
  } catch {
    return true
  }
}

/** The same by deploy/base, for whoever asks no cluster. */
export const judgedAsInstalled: Judged = judgedBy(AS_INSTALLED)

function judgedBy(selector: Selector): Judged {
  return ({ name, labels }) =>
    name === '' || selects(selector, { ...labels, 'kubernetes.io/metadata.name': name })
}

async function namespaceSelector(api: Api, options: AskOptions): Promise<Selector> {
  try {
    const found = await api.get(`${CONFIGURATIONS_PATH}/${CONFIGURATION}`, options)
    const { webhooks } = Object(found) as { webhooks?: unknown }
    const entries: readonly unknown[] = Array.isArray(webhooks) ? webhooks : []
    const entry = entries.map(Object).find(({ name }) => name === WORKLOADS_ENTRY)
    return entry?.namespaceSelector ?? AS_INSTALLED
  } catch (error) {
    if (error instanceof ApiError && (error.status === 403 || error.status === 404)) return AS_INSTALLED
    throw error
  }
}

function selects(
  { matchLabels = {}, matchExpressions = [] }: Selector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key = '', operator, values = [] }) => {
      const value = labels[key]
      switch (operator) {
        case 'In':
          return value !== undefined && values.includes(value)
        case 'NotIn':
          return value === undefined || !values.includes(value)
        case 'Exists':
          return value !== undefined
        case 'DoesNotExist':
          return value === undefined
        default:
          return true
      }
    })
  )
}
