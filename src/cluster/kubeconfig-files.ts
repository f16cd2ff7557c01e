import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, dirname, join, resolve, sep } from 'node:path'
import { parse } from 'yaml'
import { fileFault, LoginError } from './login.ts'

/** Where kubeconfigs may be. */
export interface KubeconfigPlaces {
  /** What --kubeconfig names; nothing else is read then. */
  readonly file?: string
  /** KUBECONFIG: paths with `:` between them (`;` on Windows). */
  readonly variable?: string
  readonly home?: string
}

/** What they say, merged; paths in it are absolute. */
export interface Kubeconfig {
  /** The files it is from, as a message names them. */
  readonly from: string
  readonly currentContext: string | undefined
  readonly clusters: readonly Entry[]
  readonly users: readonly Entry[]
  readonly contexts: readonly Entry[]
}

type Fields = Record<string, unknown>

/** `{name, cluster}`, `{name, user}` or `{name, context}`. */
type Entry = Fields

/**
 * Reads the kubeconfigs that kubectl would, and merges them as it does: of entries of one name the first counts, and the first
 * current-context; a file of KUBECONFIG that is not there is left out.
 * @throws LoginError where there is none, or one makes no sense
 */
export async function readKubeconfigs({
  file,
  variable = '',
  home = homedir(),
}: KubeconfigPlaces): Promise<Kubeconfig> {
  const listed = variable.split(delimiter).filter((path) => path !== '')
  const standard = join(home, '.kube', 'config')
  const paths = file === undefined ? (listed.length > 0 ? listed : [standard]) : [file]
  const read: Fields[] = []
  for (const path of paths) {
    const text = await readFile(path, 'utf8').catch((error) => {
      if (file === undefined && error.code === 'ENOENT') return undefined
      throw new LoginError(`${path}: ${fileFault(error)}`, { cause: error })
    })
    if (text !== undefined) read.push(parsed(text, path))
  }
  if (read.length === 0) {
    const looked =
      listed.length > 0
        ? `KUBECONFIG names ${variable}`
        : `KUBECONFIG is not set, and there is no ${standard}`
    throw new LoginError(`There is no kubeconfig (${looked}); name one with --kubeconfig FILE`)
  }
  return {
    from: paths.join(delimiter),
    currentContext: read.map((one) => one['current-context']).find(isName),
    clusters: firstOfEach(read, 'clusters'),
    users: firstOfEach(read, 'users'),
    contexts: firstOfEach(read, 'contexts'),
  }
}

function parsed(text: string, path: string): Fields {
  let content: unknown
  try {
    content = parse(text)
  } catch (error) {
    const [first] = (error as Error).message.split('\n')
    throw new LoginError(`${path}: is no kubeconfig: ${first}`, { cause: error })
  }
  if (!isFields(content)) throw new LoginError(`${path}: is no kubeconfig, it holds no fields`)
  const folder = dirname(path)
  for (const { cluster } of entries(content, 'clusters')) absolute(cluster, folder, 'certificate-authority')
  for (const { user } of entries(content, 'users')) {
    absolute(user, folder, 'client-certificate', 'client-key', 'tokenFile')
    // A command without a slash is looked up in PATH.
    if (isFields(user) && isFields(user.exec) && String(user.exec.command).includes(sep))
      absolute(user.exec, folder, 'command')
  }
  return content
}

function firstOfEach(read: readonly Fields[], key: string): Entry[] {
  const found = new Map<unknown, Entry>()
  for (const one of read)
    for (const entry of entries(one, key)) if (!found.has(entry.name)) found.set(entry.name, entry)
  return [...found.values()]
}

function entries(config: Fields, key: string): Entry[] {
  const list = config[key]
  return Array.isArray(list) ? list.filter(isFields) : []
}

/** A path in a kubeconfig is relative to it. */
function absolute(fields: unknown, folder: string, ...keys: readonly string[]): void {
  if (!isFields(fields)) return
  for (const key of keys) if (isName(fields[key])) fields[key] = resolve(folder, fields[key])
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
