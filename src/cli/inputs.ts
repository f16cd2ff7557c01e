import { createReadStream, type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { reasonOf } from './read-error.ts'

/** A text that was read, or why it was not. */
export type Input =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly problem: string }
  /** Found in a directory and passed over: no text. */
  | { readonly name: string; readonly binary: true }

/** How messages name standard input. */
export const STDIN = 'stdin'

/**
 * The longest text that is read. The YAML parser needs some sixty times its length in memory, and half a second a
 * megabyte: 16 MiB are a gigabyte and five seconds, and hold a thousand Pods as `kubectl get -o yaml` prints them.
 */
export const MAX_INPUT_BYTES = 16 * 1024 * 1024

/** What kubectl takes for manifests in a directory. */
const EXTENSIONS: ReadonlySet<string> = new Set(['.yaml', '.yml', '.json'])

/** Folders that hold other people's files, or none that a person wrote. */
const PASSED_OVER: ReadonlySet<string> = new Set(['.git', 'node_modules'])

/**
 * Reads what `-f` names, in the order given: files, directories with all that is under them, `-` for standard input.
 * What cannot be read is told and does not hide the rest. A file that two paths lead to is read once.
 */
export async function* readInputs(
  paths: readonly string[],
  stdin: AsyncIterable<string | Uint8Array>,
  limit = MAX_INPUT_BYTES,
): AsyncGenerator<Input> {
  const seen = new Set<string>()
  for (const path of paths) {
    if (path === '-') {
      if (!seen.has(path)) yield asNamed(await readText(STDIN, stdin, limit))
      seen.add(path)
      continue
    }
    for (const found of filesUnder(path, seen)) {
      if (typeof found !== 'string') yield found
      else {
        const input = await readText(found, createReadStream(found), limit)
        yield found === path ? asNamed(input) : input
      }
    }
  }
}

/** Somebody who names a file wants to know that it was not read; in a directory it is one of many. */
function asNamed(input: Input): Input {
  return 'binary' in input ? { name: input.name, problem: 'it is no text' } : input
}

/** The files that a path stands for, each once; `seen` holds the real paths of those that are done. */
function* filesUnder(path: string, seen: Set<string>): Generator<string | Input> {
  let stats: Stats
  let entries: Dirent[]
  try {
    stats = statSync(path)
    // A link that leads back to a directory above it would go round for ever.
    const real = realpathSync(path)
    if (seen.has(real)) return
    seen.add(real)
    if (!stats.isDirectory()) {
      yield path
      return
    }
    entries = readdirSync(path, { withFileTypes: true })
  } catch (error) {
    yield { name: path, problem: reasonOf(error) }
    return
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    // `..data` and the like: how a ConfigMap is mounted; the files beside them lead there.
    if (PASSED_OVER.has(entry.name) || entry.name.startsWith('..')) continue
    const child = join(path, entry.name)
    const directory = entry.isDirectory() || (entry.isSymbolicLink() && isDirectory(child))
    if (directory || (EXTENSIONS.has(extname(entry.name)) && !isSpecial(entry)))
      yield* filesUnder(child, seen)
  }
}

/** Pipes, sockets and devices: reading one that nobody writes to never ends. */
function isSpecial(entry: Dirent): boolean {
  return !entry.isFile() && !entry.isSymbolicLink()
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

async function readText(
  name: string,
  source: AsyncIterable<string | Uint8Array>,
  limit: number,
): Promise<Input> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of source) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      length += bytes.length
      if (length > limit) return { name, problem: `it is longer than ${limit / 1024 / 1024} MiB; split it` }
      chunks.push(bytes)
    }
  } catch (error) {
    return { name, problem: reasonOf(error) }
  }
  const bytes = Buffer.concat(chunks)
  if (bytes.includes(0)) return { name, binary: true }
  // The decoder takes a byte order mark off.
  return { name, text: new TextDecoder().decode(bytes) }
}
