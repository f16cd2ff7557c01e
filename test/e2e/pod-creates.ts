import type { Answer, ApiClient } from '../control-plane/api-client.ts'
import { apiPath } from './api-path.ts'
import { atRate } from './rate.ts'

/**
 * What became of a create. Each Pod of this load breaks a rule, so one that is neither denied nor warned about was not
 * judged: only the API server's failurePolicy can have let it in.
 */
export type Outcome = 'denied' | 'warned' | 'unjudged' | 'failed'

/** One create, answered. */
export interface Create {
  readonly namespace: string
  readonly image: Image
  /** On the clock of `performance.now()`, as the next one. */
  readonly sentAt: number
  readonly answeredAt: number
  readonly outcome: Outcome
  /** What a person would read: the message or the warnings. */
  readonly said: string
}

/** With mode enforce the policy denies the first and warns about the second. */
const IMAGES = { moving: 'nginx:latest', floating: 'nginx:stable' } as const
export type Image = keyof typeof IMAGES
const ORDER: readonly Image[] = ['moving', 'floating']

export interface PodCreatesOptions {
  readonly client: ApiClient
  readonly namespaces: readonly string[]
  /** A busy machine may hold less. */
  readonly perSecond: number
  /** How many are sent at once; one after the other where it is missing. */
  readonly burst?: number
  /** Whether they are stored. The webhook is asked in either case; dry runs where it is missing. */
  readonly store?: boolean
}

/**
 * With this many unanswered, no more are sent: the machine does not hold the rate, and a queue would only grow until
 * requests run into timeouts that have nothing to do with the webhook. More than the 25 idle connections that the API
 * server keeps to a webhook.
 */
const MAX_UNANSWERED = 32

/** Pods created at a fixed rate, in each namespace in turn, until it is stopped. */
export class PodCreates {
  readonly answers: Create[] = []
  readonly #options: PodCreatesOptions
  readonly #stop = new AbortController()
  readonly #unanswered = new Set<Promise<void>>()
  readonly #waiting = new Set<() => void>()
  readonly #running: Promise<void>
  #sent = 0

  constructor(options: PodCreatesOptions) {
    this.#options = options
    const { perSecond, burst = 1 } = options
    this.#running = atRate(perSecond / burst, this.#stop.signal, () => {
      for (let count = 0; count < burst && this.#unanswered.size < MAX_UNANSWERED; count += 1) this.#send()
    })
  }

  /** Resolves when so many of those are answered that are sent from now on. @returns the answered ones */
  async more(count: number): Promise<Create[]> {
    const now = performance.now()
    for (;;) {
      const answered = this.answers.filter(({ sentAt }) => sentAt > now)
      if (answered.length >= count) return answered
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }

  /** Takes the answers so far out, so that a long run keeps none of them. */
  take(): Create[] {
    return this.answers.splice(0)
  }

  /** Sends no more, and waits for the last answer. May be called again. @returns all of them */
  async stop(): Promise<readonly Create[]> {
    this.#stop.abort()
    await this.#running
    await Promise.all(this.#unanswered)
    return this.answers
  }

  #send(): void {
    const create = this.#create(this.#sent++)
    this.#unanswered.add(create)
    void create.finally(() => this.#unanswered.delete(create))
  }

  async #create(index: number): Promise<void> {
    const { client, namespaces, store = false } = this.#options
    const namespace = namespaces[index % namespaces.length] ?? ''
    const image = ORDER[Math.floor(index / namespaces.length) % ORDER.length] as Image
    this.answers.push(await createPod(client, { namespace, image, store }))
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }
}

/** Creates one Pod. Never rejects. */
export async function createPod(
  client: ApiClient,
  { namespace, image, store = false }: { namespace: string; image: Image; store?: boolean },
): Promise<Create> {
  const path = `${apiPath('v1', 'pods', namespace)}${store ? '' : '?dryRun=All'}`
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: `${image}-` },
    spec: { containers: [{ name: 'main', image: IMAGES[image] }] },
  }
  const sentAt = performance.now()
  const { outcome, said } = await client.create(path, pod).then(judged, unreached)
  return { namespace, image, sentAt, answeredAt: performance.now(), outcome, said }
}

const DENIED = 'admission webhook "image-tags.tallyman.dev" denied the request: '

/** Reads the API server's answer. */
function judged({ status, body, warnings }: Answer): Pick<Create, 'outcome' | 'said'> {
  if (status === 201) {
    const ours = warnings.filter((warning) => / \[\w+\]$/.test(warning))
    return { outcome: ours.length > 0 ? 'warned' : 'unjudged', said: ours.join('\n') }
  }
  const said = (body as { message?: string } | null)?.message ?? JSON.stringify(body)
  return { outcome: status === 403 && said.startsWith(DENIED) ? 'denied' : 'failed', said }
}

function unreached(error: Error): Pick<Create, 'outcome' | 'said'> {
  return { outcome: 'failed', said: `the API server was not reached: ${error.message}` }
}

/** Whether tallyman gave a verdict. */
export function wasJudged({ outcome }: Create): boolean {
  return outcome === 'denied' || outcome === 'warned'
}

/** What became of those that were not judged, each text once: for a test to compare with none. */
export function notJudged(creates: readonly Create[]): string[] {
  const wrong = creates.filter((create) => !wasJudged(create))
  return [...new Set(wrong.map(({ outcome, said }) => `${outcome} ${said}`.trim()))]
}

/** How many creates a second were answered: the machine's doing, so nothing for a test to judge by. */
export function rateOf(creates: readonly Create[]): string {
  const [first] = creates
  const last = creates.at(-1)
  if (first === undefined || last === undefined) return 'no creates'
  const seconds = (last.answeredAt - first.sentAt) / 1000
  return `${creates.length} creates, ${(creates.length / seconds).toFixed(0)} a second`
}
