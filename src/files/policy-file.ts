import { compilePolicy } from '../policy/compile.ts'
import type { Mode } from '../policy/mode.ts'
import { PolicyError, readTagPolicy } from '../policy/parse.ts'
import type { Policy } from '../policy/policy.ts'
import type { PolicyInForce, PolicyListener } from '../policy/policy-listener.ts'
import type { TagPolicy } from '../policy/schema.ts'
import type { Namespace } from '../policy/switch.ts'
import { withMode } from '../policy/with-mode.ts'
import { type FileGroup, readGroup, watchFiles } from './watched-files.ts'

export interface PolicyFileOptions {
  /** Replaces the policy's own switch, also after each reload (`--mode`). */
  readonly mode?: Mode
}

/** A ConfigMap holds at most 1 MiB, and parsing a larger file by mistake (a log, an image) would stop the answers. */
export const MAX_POLICY_BYTES = 1024 * 1024

/** The policy of a file, one for all namespaces: admission's `Policies`. A file knows no namespace labels. */
export class PolicyFile {
  readonly path: string
  readonly #mode: Mode | undefined
  #source: TagPolicy
  #policy: Policy
  #hash: string
  #refused = 0

  private constructor(path: string, mode: Mode | undefined, group: FileGroup) {
    this.path = path
    this.#mode = mode
    this.#hash = group.hash
    this.#source = this.#read(group)
    this.#policy = this.#compile(this.#source)
  }

  /** Reads the policy. @throws PolicyError where it is refused or cannot be read */
  static async open(path: string, { mode }: PolicyFileOptions = {}): Promise<PolicyFile> {
    let group: FileGroup
    try {
      group = await readGroup([path])
    } catch (error) {
      throw new PolicyError(path, [{ field: '', message: unreadable(error) }])
    }
    return new PolicyFile(path, mode, group)
  }

  get policy(): Policy {
    return this.#policy
  }

  /** What the policy was made of: the file as it is written, without what `mode` replaces. */
  get source(): TagPolicy {
    return this.#source
  }

  /** SHA-256 of the file that the policy came from. */
  get hash(): string {
    return this.#hash
  }

  inForce(): readonly PolicyInForce[] {
    return [{ policy: this.#policy, version: { hash: this.#hash } }]
  }

  /** 1 where the file as it stands now is refused, or gone. */
  get refused(): number {
    return this.#refused
  }

  for(namespace: string): { policy: Policy; namespace: Namespace } {
    return { policy: this.#policy, namespace: { name: namespace, labels: NO_LABELS } }
  }

  /** Reloads when the file changes, until the signal aborts. */
  async watch(listener: PolicyListener, signal: AbortSignal): Promise<void> {
    for await (const change of watchFiles([this.path], { signal, known: this.#hash })) {
      if ('error' in change) {
        this.#refused = 1
        listener.refused(new PolicyError(this.path, [{ field: '', message: unreadable(change.error) }]))
        continue
      }
      try {
        const source = this.#read(change.group)
        this.#policy = this.#compile(source)
        this.#source = source
      } catch (error) {
        // Whatever it is: a policy that cannot be read must not take down what judges by the last good one.
        this.#refused = 1
        listener.refused(error as Error)
        continue
      }
      this.#refused = 0
      this.#hash = change.group.hash
      listener.loaded(this.#policy, { hash: this.#hash })
    }
  }

  #read({ contents: [content] }: FileGroup): TagPolicy {
    if (content === undefined || content.length > MAX_POLICY_BYTES) {
      const message = `is ${content?.length ?? 0} bytes long; a policy is at most ${MAX_POLICY_BYTES} (is this the right file?)`
      throw new PolicyError(this.path, [{ field: '', message }])
    }
    return readTagPolicy(content.toString('utf8'), this.path)
  }

  #compile(source: TagPolicy): Policy {
    const policy = compilePolicy(source)
    return this.#mode === undefined ? policy : withMode(policy, this.#mode)
  }
}

const NO_LABELS: Readonly<Record<string, string>> = Object.freeze({})

function unreadable(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT')
    return 'there is no such file; write one, or leave --policy out to use the built-in policy'
  if (code === 'EISDIR') return 'is a folder; name the file in it'
  if (code === 'EACCES') return 'may not be read by this user; check its permissions'
  return `cannot be read: ${(error as Error).message}`
}
