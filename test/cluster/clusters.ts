import { EventEmitter, once } from 'node:events'
import type { Test } from 'tap'
import { ApiClient } from '../../src/cluster/api-client.ts'
import type { ClusterListener } from '../../src/cluster/cluster-listener.ts'
import { ClusterPolicies, type ClusterPoliciesOptions } from '../../src/cluster/cluster-policies.ts'
import { CONFIGURATIONS_PATH, WORKLOADS_ENTRY } from '../../src/cluster/registration.ts'
import { TAG_POLICIES_PATH } from '../../src/policy/custom-resource.ts'
import { kindsTable } from '../../src/workload/kinds.ts'
import { webhookRules } from '../../src/workload/webhook-rules.ts'
import { ScriptedApiServer } from './scripted-api-server.ts'

export const NAMESPACES_PATH = '/api/v1/namespaces'

export function namespace(name: string, labels: Record<string, string> = {}) {
  return { metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } } }
}

/** A TagPolicy as an API server has it. Its uid is its name. */
export function tagPolicy(name: string, spec: unknown, generation = 1, status?: unknown) {
  return { metadata: { name, uid: name, generation }, spec, ...(status === undefined ? {} : { status }) }
}

/** The webhook configuration of deploy/, as far as it is looked at. */
export function configuration(rules: readonly object[] = webhookRules(kindsTable())) {
  return { metadata: { name: 'tallyman' }, webhooks: [{ name: WORKLOADS_ENTRY, rules }] }
}

/** A scripted API server with a namespace `team-a` and the webhook configuration. */
export async function cluster(t: Test, { installed = true } = {}): Promise<ScriptedApiServer> {
  const server = await ScriptedApiServer.start(t, NAMESPACES_PATH, CONFIGURATIONS_PATH)
  if (installed) server.store.install(TAG_POLICIES_PATH)
  server.store.put(NAMESPACES_PATH, namespace('team-a'))
  server.store.put(CONFIGURATIONS_PATH, configuration())
  return server
}

/** Remembers what it was told, a line each, and lets a test wait for a line. */
export class Told implements ClusterListener {
  readonly lines: string[] = []
  readonly #events = new EventEmitter()

  loaded: ClusterListener['loaded'] = ({ name, mode }, { generation }) =>
    this.#tell(`loaded ${name} ${mode} ${generation ?? 'built-in'}`)
  refused: ClusterListener['refused'] = ({ message }) => this.#tell(`refused ${message}`)
  gone: ClusterListener['gone'] = (name) => this.#tell(`gone ${name}`)
  lost: ClusterListener['lost'] = (resource) => this.#tell(`lost ${resource}`)
  recovered: ClusterListener['recovered'] = (resource) => this.#tell(`recovered ${resource}`)
  unsent: ClusterListener['unsent'] = (kinds) =>
    this.#tell(`unsent ${kinds.map(({ kind }) => kind).join(', ') || 'none'}`)
  installed: ClusterListener['installed'] = (is) => this.#tell(`installed ${is}`)
  statusFailed: ClusterListener['statusFailed'] = ({ message }) => this.#tell(`status failed ${message}`)

  /** Resolves when a line has been told so often in all. */
  async until(line: string | RegExp, times = 1): Promise<void> {
    const fits = (it: string) => (typeof line === 'string' ? it === line : line.test(it))
    while (this.lines.filter(fits).length < times) await once(this.#events, 'told')
  }

  #tell(line: string): void {
    this.lines.push(line)
    this.#events.emit('told')
  }
}

/** Follows a cluster until the test ends. */
export function following(
  t: Test,
  server: ScriptedApiServer,
  options: Partial<Omit<ClusterPoliciesOptions, 'api'>> = {},
) {
  const api = new ApiClient(server.login(), { version: '1.2.3' })
  const policies = new ClusterPolicies({ api, lookupMs: 60_000, ...options })
  const told = new Told()
  const abort = new AbortController()
  const run = policies.watch(told, abort.signal)
  t.teardown(async () => {
    abort.abort()
    await run
    api.close()
  })
  const modeIn = async (name: string) => {
    const { policy } = await policies.for(name)
    return `${policy.name} ${policy.mode}`
  }
  return { policies, told, ready: () => policies.ready(abort.signal), modeIn, abort }
}
