import { EventEmitter, once } from 'node:events'
import type { Test } from 'tap'
import type { FollowListener } from '../../src/certificates/callers.ts'
import { ApiClient } from '../../src/cluster/api-client.ts'
import { ScriptedApiServer } from './scripted-api-server.ts'

interface Follower {
  follow(listener: FollowListener, signal: AbortSignal): Promise<void>
}

/** Something that follows a list of an API server until the test ends. */
export async function following<T extends Follower>(
  t: Test,
  path: string,
  objects: readonly { metadata: { name: string } }[],
  make: (api: ApiClient) => T,
) {
  const server = await ScriptedApiServer.start(t, path)
  for (const object of objects) server.store.put(path, object)
  const api = new ApiClient(server.login(), { version: '1.2.3' })
  const followed = make(api)
  const events = new EventEmitter()
  const stop = new AbortController()
  const event = () => events.emit('event')
  const run = followed.follow({ changed: event, lost: event, recovered: event }, stop.signal)
  t.teardown(async () => {
    stop.abort()
    await run
    api.close()
  })
  const until = async (condition: () => boolean) => {
    while (!condition()) await once(events, 'event')
  }
  return { server, followed, until }
}
