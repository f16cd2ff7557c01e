import { createHash } from 'node:crypto'
import { type FSWatcher, watch } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Files that belong together (a certificate and its key), as they stood at one moment. */
export interface FileGroup {
  /** In the order of the paths. */
  readonly contents: readonly Buffer[]
  /** SHA-256 over all contents, hexadecimal. */
  readonly hash: string
}

/** What a watch reports: new contents, or that the files cannot be read (once for each time they vanish). */
export type FileChange = { readonly group: FileGroup } | { readonly error: Error }

export interface WatchOptions {
  /** Ends the watch and frees what it holds. */
  readonly signal: AbortSignal
  /** The hash of what the caller already has: only something else is reported. */
  readonly known?: string
  readonly pollMs?: number
  readonly settleMs?: number
}

/**
 * Notifications get lost (a folder that is replaced, network file systems, a full inotify queue), so the files are also
 * read at intervals. The kubelet itself takes up to a minute to bring a change, so ten seconds more do not matter.
 */
export const POLL_MS = 10_000

/** One change comes as several notifications; wait until they have settled. */
export const SETTLE_MS = 50

/** How often in a row the files may be unreadable before it is reported: a writer that deletes and creates is not a fault. */
const MISSES_BEFORE_REPORT = 3

/** How often a group is read anew because it changed while it was read. */
const READ_ATTEMPTS = 5

/**
 * Reads files that belong together. A group that is being replaced meanwhile is read again until two readings agree, so that
 * a certificate never comes with the key of another.
 * @throws what `readFile` throws
 */
export async function readGroup(paths: readonly string[]): Promise<FileGroup> {
  let last = await readOnce(paths)
  // A pipe (`--policy <(kubectl kustomize …)`) gives what it holds once.
  for (const path of paths) if (!(await stat(path)).isFile()) return last
  for (let attempt = 1; attempt < READ_ATTEMPTS; attempt++) {
    const next = await readOnce(paths)
    if (next.hash === last.hash) return next
    last = next
  }
  return last
}

async function readOnce(paths: readonly string[]): Promise<FileGroup> {
  const contents: Buffer[] = []
  // One after the other: of several that are missing it is always the first that is told.
  for (const path of paths) contents.push(await readFile(path))
  const hash = createHash('sha256')
  for (const content of contents) hash.update(`${content.length}:`).update(content)
  return { contents, hash: hash.digest('hex') }
}

/**
 * Watches files that belong together and yields each time their contents are really others. Their folders are watched, not the
 * files: in a ConfigMap or Secret mount a file is a link through `..data`, and only that link is replaced.
 * Ends when the signal aborts.
 */
export async function* watchFiles(
  paths: readonly string[],
  { signal, known, pollMs = POLL_MS, settleMs = SETTLE_MS }: WatchOptions,
): AsyncGenerator<FileChange, void, undefined> {
  if (signal.aborted) return
  const bell = new Bell(signal)
  const watchers = [...new Set(paths.map((path) => dirname(path)))].flatMap((folder) =>
    watchFolder(folder, bell),
  )
  const poll = setInterval(() => bell.ring(), pollMs)
  const release = (): void => {
    clearInterval(poll)
    for (const watcher of watchers) watcher.close()
  }
  // At once, not when the reader comes back for the next change: it may never do so.
  signal.addEventListener('abort', release)
  let hash = known
  let misses = 0
  try {
    // Something may have changed between the caller's reading and the start of the watch.
    bell.ring()
    while (await bell.rung()) {
      await sleep(settleMs, undefined, { signal })
      bell.reset()
      let group: FileGroup
      try {
        group = await readGroup(paths)
      } catch (error) {
        misses += 1
        if (misses === MISSES_BEFORE_REPORT) yield { error: error as Error }
        continue
      }
      // Once it was reported as missing, its return is news even if the contents are the old ones.
      const returned = misses >= MISSES_BEFORE_REPORT
      misses = 0
      if (group.hash === hash && !returned) continue
      hash = group.hash
      yield { group }
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    release()
    signal.removeEventListener('abort', release)
    bell.close()
  }
}

/** A watch of a folder, or none where the system gives none: polling goes on. */
function watchFolder(folder: string, bell: Bell): FSWatcher[] {
  try {
    const watcher = watch(folder, () => bell.ring())
    watcher.on('error', () => watcher.close())
    return [watcher]
  } catch {
    return []
  }
}

/** Remembers that it was rung, so that nothing is lost while nobody waits. */
class Bell {
  readonly #signal: AbortSignal
  #rung = false
  #wake: (() => void) | undefined
  readonly #stop = (): void => this.#wake?.()

  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', this.#stop)
  }

  ring(): void {
    this.#rung = true
    this.#wake?.()
  }

  reset(): void {
    this.#rung = false
  }

  /** Resolves with true when it has been rung, with false when the signal aborts. */
  async rung(): Promise<boolean> {
    if (!this.#rung && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = undefined
    }
    return !this.#signal.aborted
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#stop)
  }
}
