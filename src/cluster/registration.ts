import type { Registration } from '../policy/policy-status.ts'
import { MAX_CONDITION_MESSAGE } from '../policy/status-schema.ts'
import type { KindsTable, WorkloadKind } from '../workload/kinds.ts'
import { type SentRule, unsentKinds } from '../workload/unsent-kinds.ts'
import { webhookRules } from '../workload/webhook-rules.ts'

/** The ValidatingWebhookConfiguration of deploy/. */
export const CONFIGURATION = 'tallyman'

/** Its entry for workloads. */
export const WORKLOADS_ENTRY = 'image-tags.tallyman.dev'

/** Where the API server has it. A list of one, because only lists can be watched. */
export const CONFIGURATIONS_PATH = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations'

/** Kinds that a message names where there is room for so many; the rest is counted. */
const MAX_NAMED = 10

/** The rules of the entry for workloads; undefined where the configuration has no such entry. */
export function workloadRules(configuration: object): readonly SentRule[] | undefined {
  const { webhooks } = configuration as { webhooks?: unknown }
  if (!Array.isArray(webhooks)) return undefined
  const entry = webhooks.find((it) => (it as { name?: unknown } | null)?.name === WORKLOADS_ENTRY)
  const rules = (entry as { rules?: unknown } | undefined)?.rules
  return entry === undefined ? undefined : Array.isArray(rules) ? rules.map(readRule) : []
}

/** Lists of texts only: whatever else stands there sends nothing. */
function readRule(rule: unknown): SentRule {
  const { apiGroups, operations, resources } = Object(rule) as Record<string, unknown>
  return { apiGroups: texts(apiGroups), operations: texts(operations), resources: texts(resources) }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : []
}

/** What the webhook configuration sends, and what it leaves out. */
export interface Registered {
  /** Whether it is there and has the entry for workloads; undefined while that is not known. */
  readonly installed: boolean | undefined
  readonly registration: Registration
  readonly unsent: readonly WorkloadKind[]
}

/**
 * Compares what is sent with the kinds that are known.
 * @param configuration its rules for workloads; `entry`, it has none; `configuration`, there is no such configuration;
 * `unread`, it is not known
 */
export function registered(
  configuration: readonly SentRule[] | 'entry' | 'configuration' | 'unread',
  kinds: KindsTable,
): Registered {
  if (configuration === 'unread')
    return no('Unknown', 'Unread', `The ValidatingWebhookConfiguration ${CONFIGURATION} could not be read.`)
  if (configuration === 'configuration')
    return no(
      'False',
      'NotInstalled',
      `There is no ValidatingWebhookConfiguration ${CONFIGURATION}: nothing is judged. Apply your overlay or the Helm chart again.`,
    )
  if (configuration === 'entry')
    return no(
      'False',
      'NotInstalled',
      `The ValidatingWebhookConfiguration ${CONFIGURATION} has no entry ${WORKLOADS_ENTRY}: nothing is judged. Apply your overlay or the Helm chart again.`,
    )
  const unsent = unsentKinds(configuration, kinds)
  if (unsent.length === 0) return { registration: { status: 'True' }, installed: true, unsent }
  return { ...no('False', 'KindsNotSent', unsentMessage(unsent)), installed: true, unsent }
}

function no(status: 'False' | 'Unknown', reason: string, message: string): Registered {
  return {
    registration: { status, reason, message },
    installed: status === 'Unknown' ? undefined : false,
    unsent: [],
  }
}

/** As many kinds as a condition has room for: of a longer one the API server would refuse the whole status. */
function unsentMessage(unsent: readonly WorkloadKind[], most = MAX_NAMED): string {
  const named = unsent.slice(0, most)
  const names = named.map(({ kind, group }) => (group === '' ? kind : `${kind}.${group}`)).join(', ')
  const more = unsent.length > named.length ? ` and ${unsent.length - named.length} more` : ''
  const rules = webhookRules({ all: named, find: () => undefined }).map((rule) => JSON.stringify(rule))
  const message = `The API server does not send ${names}${more}, which pass unjudged. Add to the rules of ${WORKLOADS_ENTRY}: ${rules.join(', ')}. tallyman webhook-rules prints all.`
  return message.length > MAX_CONDITION_MESSAGE && most > 1 ? unsentMessage(unsent, most - 1) : message
}
