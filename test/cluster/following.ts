import { EventEmitter, once } from 'node:events'
import type { Test } from 'tap'
import type { Api } from '../../src/cluster/api.ts'
import { ApiClient } from '../../src/cluster/api-client.ts'
import type { Login } from '../../src/cluster/login.ts'
import {
  type Pacing,
  Reflector,
  type ReflectorListener,
  type ReflectorOptions,
} from '../../src/cluster/reflector.ts'
import { type Asked, ScriptedApiServer } from './scripted-api-server.ts'

export const PATH = '/api/v1/namespaces'

/** Short, so that a test waits for events and not for pauses. */
const PACING: Pacing = { minMs: 1, maxMs: 10, healthyMs: 30, absentMs: 5 }

export const object = (name: string, value: unknown, namespace?: string) => ({
  metadata: { name, ...(namespace !== undefined && { namespace }) },
  value,
})

/** Keeps the value; a value of `bad` cannot be kept. */
export function keptOf(of: object): unknown {
  const { value } = of as { value?: unknown }
  if (value === 'bad') throw new Error('a bad value')
  return value
}

/** Remembers what it was told, and lets a test wait until something is so. */
export class Heard implements ReflectorListener {
  changes = 0
  readonly failures: string[] = []
  recoveries = 0
  readonly left: string[] = []
  /** Is called at each change, with the items as they are then. */
  onChange: () => void = () => {}
  readonly #events = new EventEmitter()

  changed(): void {
    this.changes += 1
    this.onChange()
    this.#events.emit('told')
  }
  failed(error: Error): void {
    this.failures.push(error.message)
    this.#events.emit('told')
  }
  recovered(): void {
    this.recoveries += 1
    this.#events.emit('told')
  }
  skipped(key: string, error: Error): void {
    this.left.push(`${key}: ${error.message}`)
    this.#events.emit('told')
  }

  async until(so: () => boolean): Promise<void> {
    while (!so()) await once(this.#events, 'told')
  }
}

export interface FollowOptions extends Partial<Omit<ReflectorOptions<unknown>, 'api' | 'backoff'>> {
  readonly server?: ScriptedApiServer
  readonly login?: Login
  readonly backoff?: Partial<Pacing>
  /** Stands between the reflector and the client. */
  readonly over?: (api: Api) => Api
}

/** A reflector that follows a list of a scripted API server until the test ends. */
export async function follow(
  t: Test,
  { server: given, login, over = (api) => api, backoff, ...options }: FollowOptions = {},
) {
  const server = given ?? (await ScriptedApiServer.start(t, PATH))
  const client = new ApiClient(login ?? server.login(), { version: '1.2.3' })
  const reflector = new Reflector<unknown>({
    api: over(client),
    path: PATH,
    project: keptOf,
    backoff: { ...PACING, ...backoff },
    ...options,
  })
  const heard = new Heard()
  const abort = new AbortController()
  const run = reflector.run(heard, abort.signal)
  const end = async () => {
    abort.abort()
    await run
    client.close()
  }
  t.teardown(end)
  const items = () => Object.fromEntries(reflector.items)
  /** Resolves when the items are these. */
  const become = (wanted: Readonly<Record<string, unknown>>) =>
    heard.until(() => JSON.stringify(sorted(items())) === JSON.stringify(sorted(wanted)))
  return { server, reflector, heard, abort, run, end, items, become }
}

function sorted(items: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(items).sort(([a], [b]) => (a < b ? -1 : 1))
}

export const isWatch = ({ query }: Asked) => query.has('watch')

/** An API whose watches go through something. */
export function withWatch(api: Api, watch: Api['watch']): Api {
  return { get: api.get.bind(api), send: api.send.bind(api), list: api.list.bind(api), watch }
}

/** How many first pages and how many watches were asked for. */
export function counted({ asked }: ScriptedApiServer): { lists: number; watches: number } {
  return {
    lists: asked.filter((one) => !isWatch(one) && !one.query.has('continue')).length,
    watches: asked.filter(isWatch).length,
  }
}
