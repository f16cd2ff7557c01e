import { isDeepStrictEqual } from 'node:util'
import { ApiError } from './api.ts'

/** What is kept of the objects of a list, by their keys. */
export class ProjectedItems<T> {
  readonly #project: (object: object) => T
  readonly #skipped: (key: string, error: Error) => void
  readonly #items = new Map<string, T>()

  /** @param skipped is told of an object for which the projection threw; it is left out */
  constructor(project: (object: object) => T, skipped: (key: string, error: Error) => void) {
    this.#project = project
    this.#skipped = skipped
  }

  /** The map that {@link put} and {@link remove} change. */
  get map(): ReadonlyMap<string, T> {
    return this.#items
  }

  /** @returns whether anything is other than it was @throws ApiError where the object has no name */
  put(object: object): boolean {
    const key = keyOf(object)
    let value: T
    try {
      value = this.#project(object)
    } catch (error) {
      this.#skipped(key, error as Error)
      return this.#items.delete(key)
    }
    if (this.#items.has(key) && isDeepStrictEqual(this.#items.get(key), value)) return false
    this.#items.set(key, value)
    return true
  }

  /** @returns whether it was there */
  remove(object: object): boolean {
    return this.#items.delete(keyOf(object))
  }

  /**
   * Takes over what an earlier list held and is equal, so that whoever compiled it knows it again.
   * @returns whether anything is other than there
   */
  succeed(earlier: ProjectedItems<T>): boolean {
    let changed = this.#items.size !== earlier.#items.size
    for (const [key, value] of this.#items) {
      const known = earlier.#items.get(key)
      if (earlier.#items.has(key) && isDeepStrictEqual(known, value)) this.#items.set(key, known as T)
      else changed = true
    }
    return changed
  }
}

/** `namespace/name`, or `name` where the kind is not namespaced. */
function keyOf(object: object): string {
  const { name, namespace } =
    (object as { metadata?: { name?: unknown; namespace?: unknown } | null }).metadata ?? {}
  if (typeof name !== 'string' || name === '') throw new ApiError('An object has no metadata.name', 200, '')
  return typeof namespace === 'string' && namespace !== '' ? `${namespace}/${name}` : name
}
