import { EventEmitter } from 'node:events'

/** An object, as far as a list and a watch look at it. */
export interface TestObject {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly resourceVersion?: string }
  readonly [field: string]: unknown
}

export interface Change {
  readonly version: number
  readonly path: string
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object: TestObject
}

export interface StoredPage {
  readonly items: readonly TestObject[]
  readonly version: number
  readonly next: string | undefined
  readonly remaining: number
}

/** What etcd is to an API server: lists of objects under one growing version, what changed since when, and compaction. */
export class ObjectStore {
  readonly #lists = new Map<string, Map<string, TestObject>>()
  readonly #continues = new Map<string, { items: TestObject[]; version: number }>()
  readonly #events = new EventEmitter()
  #changes: Change[] = []
  #compacted = 0
  #version = 1

  get version(): number {
    return this.#version
  }

  has(path: string): boolean {
    return this.#lists.has(path)
  }

  /** The API groups that have a list, with the versions of their lists. */
  groups(): ReadonlyMap<string, readonly string[]> {
    const groups = new Map<string, string[]>()
    for (const [, root, group = '', version = ''] of [...this.#lists.keys()].map((path) => path.split('/')))
      if (root === 'apis') groups.set(group, [...new Set([...(groups.get(group) ?? []), version])])
    return groups
  }

  /** The resources of the version of a group (`/apis/apps/v1`) that have a list. */
  resources(path: string): string[] {
    const own = [...this.#lists.keys()].filter(
      (list) => list.startsWith(`${path}/`) && path.split('/').length === 4,
    )
    return [...new Set(own.map((list) => list.slice(list.lastIndexOf('/') + 1)))]
  }

  /** An empty list; one that was there is as it was. */
  install(path: string): void {
    if (!this.#lists.has(path)) this.#lists.set(path, new Map())
  }

  uninstall(path: string): void {
    this.#lists.delete(path)
  }

  put(path: string, object: TestObject): void {
    const list = this.#list(path)
    const key = keyOf(object)
    const type = list.has(key) ? 'MODIFIED' : 'ADDED'
    const stored = this.#next(object)
    list.set(key, stored)
    this.#change({ version: this.#version, path, type, object: stored })
  }

  remove(path: string, key: string): void {
    const list = this.#list(path)
    const object = list.get(key)
    if (object === undefined) return
    list.delete(key)
    this.#change({ type: 'DELETED', path, object: this.#next(object), version: this.#version })
  }

  objects(path: string): TestObject[] {
    return [...this.#list(path).values()]
  }

  /** Something changed that is in no list of a test. */
  advance(): number {
    return ++this.#version
  }

  /** Forgets what was before now: versions, and the further pages of lists. */
  compact(): void {
    this.#compacted = this.advance()
    this.#changes = []
    this.#continues.clear()
  }

  /** @returns undefined where the token is too old */
  page(path: string, limit: number, token: string | null): StoredPage | undefined {
    const whole = { items: this.has(path) ? this.objects(path) : [], version: this.#version }
    const from = token === null ? whole : this.#continues.get(token)
    if (from === undefined) return undefined
    const rest = from.items.slice(limit)
    const next = rest.length > 0 ? `${from.version}-${this.#continues.size}` : undefined
    if (next !== undefined) this.#continues.set(next, { items: rest, version: from.version })
    return { items: from.items.slice(0, limit), version: from.version, next, remaining: rest.length }
  }

  /** @returns undefined where the version is too old */
  since(path: string, version: number): readonly Change[] | undefined {
    if (version < this.#compacted) return undefined
    return this.#changes.filter((change) => change.path === path && change.version > version)
  }

  onChange(listener: (change: Change) => void): void {
    this.#events.on('change', listener)
  }

  #list(path: string): Map<string, TestObject> {
    const list = this.#lists.get(path)
    if (list === undefined) throw new Error(`${path} is not installed`)
    return list
  }

  #next(object: TestObject): TestObject {
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.advance()) } }
  }

  #change(change: Change): void {
    this.#changes.push(change)
    this.#events.emit('change', change)
  }
}

export function keyOf({ metadata: { name, namespace } }: TestObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`
}
