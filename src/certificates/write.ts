import { chmod, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { DevelopmentCertificates } from './development.ts'

/** Readable by the owner alone. */
const PRIVATE = 0o600
const PUBLIC = 0o644

/**
 * Writes `ca.crt`, `tls.crt` and `tls.key` into a folder (made if need be), under the names that a Kubernetes TLS Secret uses.
 * Each file appears whole or not at all; the key is never readable by others, not even for a moment.
 * @returns the paths, in the order in which they were written
 */
export async function writeCertificates(
  directory: string,
  { ca, serving }: DevelopmentCertificates,
): Promise<string[]> {
  await makeFolder(resolve(directory))
  const files: [name: string, content: string, mode: number][] = [
    ['ca.crt', ca, PUBLIC],
    ['tls.key', serving.key, PRIVATE],
    ['tls.crt', serving.certificate, PUBLIC],
  ]
  const paths: string[] = []
  for (const [name, content, mode] of files) {
    const path = join(directory, name)
    await replaceFile(path, content, mode)
    paths.push(path)
  }
  return paths
}

/**
 * Makes a folder and those above it that are missing. Node's own `recursive` goes round for ever where the system says of a
 * folder that is there that there is no such thing, as Linux does for what cannot be made in /proc.
 */
async function makeFolder(folder: string): Promise<void> {
  const missing: string[] = []
  for (let at = folder; !(await exists(at)); at = dirname(at)) missing.push(at)
  for (const each of missing.reverse()) {
    try {
      await mkdir(each)
    } catch (error) {
      // Somebody else was first.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !(await exists(each))) throw error
    }
  }
}

/** Whether something is there; whatever keeps us from looking will keep us from writing, and is reported then. */
async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}

/** Writes beside the target and renames over it. */
async function replaceFile(path: string, content: string, mode: number): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    // `wx`: never through a file or link that somebody else put there.
    await writeFile(temporary, content, { mode, flag: 'wx' })
    await chmod(temporary, mode) // whatever the umask is
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
