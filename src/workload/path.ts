/** A parsed path. Text form: fields joined by dots, `[*]` for each item of a list, `{*}` for each value of a map: `spec.tfReplicaSpecs{*}.template.spec`. */
export interface Path {
  readonly text: string
  readonly steps: readonly PathStep[]
}
export type PathStep = { readonly field: string } | { readonly each: 'item' | 'value' }

/** A mistake in a path's text. */
export class PathError extends Error {
  override name = 'PathError'
}

const FIELD = /^[A-Za-z_][A-Za-z0-9_-]*$/
const WILDCARDS = { '[*]': 'item', '{*}': 'value' } as const

/** Parses a path. @throws PathError */
export function parsePath(text: string): Path {
  if (text === '') throw new PathError('a path is empty; write one such as spec.template.spec')
  const steps: PathStep[] = []
  for (const part of text.split('.')) {
    const [, field = '', wildcards = ''] = /^([^[\]{}]*)((?:\[\*\]|\{\*\})*)$/.exec(part) ?? []
    if (!FIELD.test(field)) {
      throw new PathError(
        `the path ${text} has ${part === '' ? 'an empty field' : `a field that reads ${part}`}; ` +
          'write fields joined by dots, with [*] for each item of a list and {*} for each value of a map',
      )
    }
    steps.push({ field })
    for (let at = 0; at < wildcards.length; at += 3) {
      steps.push({ each: WILDCARDS[wildcards.slice(at, at + 3) as keyof typeof WILDCARDS] })
    }
  }
  return Object.freeze({ text, steps: Object.freeze(steps) })
}

/** A value that a path leads to. */
export interface Place {
  readonly value: unknown
  /** The concrete path, with indexes: `spec.tasks[0].template.spec`, `spec.map.Worker.template.spec`. */
  readonly path: string
  /** The indexes and keys taken at `[*]` and `{*}`, in order. */
  readonly taken: readonly (number | string)[]
}

/** What a walk meets. Either may return false to end the walk. */
export interface Visitor {
  /** A value the path leads to, neither absent nor null. */
  place(place: Place): boolean
  /** Something on the way that is there but of a shape that the path cannot go through. */
  misfit(misfit: Misfit): boolean
}

export interface Misfit {
  readonly value: unknown
  /** What the path goes through here. */
  readonly belongs: 'a list' | 'fields'
  readonly path: string
  /** Set where the walk ends here because the lists on the way hold more than `MAX_ITEMS` altogether. */
  readonly tooMany?: true
}

/**
 * The most items of lists and maps that one walk looks at. etcd takes 1.5 MiB, and an item takes three bytes (`{},`), so
 * that no stored object has more. A body of 24 MiB posted by somebody else has, and would hold up everybody's reviews
 * once for each path of a kind.
 */
export const MAX_ITEMS = 524_288

/**
 * Follows a path through an object, own properties only, and shows a visitor where it leads.
 * A field that is absent or null is no misfit: parts of an object may be left out, and Kubernetes reads null as absent.
 * A null item of a list is one. Linear in the object's size; the depth is the path's.
 * @returns false where the visitor ended the walk, or where there was too much to see
 */
export function walk(object: unknown, path: Path, visitor: Visitor): boolean {
  const { steps } = path
  const taken: (number | string)[] = []
  let items = 0
  return step(object, 0)

  function step(value: unknown, index: number): boolean {
    const next = steps[index]
    // Texts are made only for what is shown: most items of a large list lead nowhere.
    if (next === undefined) {
      return visitor.place({
        value,
        // Without a wildcard on the way the path's own text says it.
        path: taken.length === 0 ? path.text : concrete(steps, index, taken),
        taken: taken.length === 0 ? NONE : [...taken],
      })
    }
    if ('field' in next) {
      if (!isMap(value)) return misfit(value, 'fields', index)
      const child = own(value, next.field)
      return child === undefined || child === null ? true : step(child, index + 1)
    }
    if (next.each === 'item') {
      if (!Array.isArray(value)) return misfit(value, 'a list', index)
      return value.every((item, i) => enter(value, item, i, index))
    }
    if (!isMap(value)) return misfit(value, 'fields', index)
    return Object.keys(value).every((key) => enter(value, value[key], key, index))
  }

  function enter(list: unknown, item: unknown, key: number | string, index: number): boolean {
    if (++items > MAX_ITEMS) {
      const belongs = Array.isArray(list) ? 'a list' : 'fields'
      visitor.misfit({ value: list, belongs, path: concrete(steps, index, taken), tooMany: true })
      return false
    }
    taken.push(key)
    const goOn = step(item, index + 1)
    taken.pop()
    return goOn
  }

  function misfit(value: unknown, belongs: Misfit['belongs'], index: number): boolean {
    return visitor.misfit({ value, belongs, path: concrete(steps, index, taken) })
  }
}

const NONE: readonly never[] = Object.freeze([])

/** The text of the first steps of a path, with what was taken at its wildcards. */
function concrete(steps: readonly PathStep[], count: number, taken: readonly (number | string)[]): string {
  let text = ''
  let used = 0
  for (const step of steps.slice(0, count)) {
    if ('field' in step) {
      text += text === '' ? step.field : `.${step.field}`
    } else {
      const key = taken[used++] as number | string
      text += step.each === 'item' ? `[${key}]` : keyText(String(key))
    }
  }
  return text
}

/** All values a path leads to in an object; what is absent or of another shape yields nothing. Own properties only. */
export function follow(object: unknown, path: Path): Place[] {
  const places: Place[] = []
  walk(object, path, { place: (place) => places.push(place) > 0, misfit: () => true })
  return places
}

/**
 * The one value that a path leads to when its wildcards take what another path's took: `spec.tasks[*].name` beside a
 * place in `spec.tasks[*].template.spec`. A path that ends in `{*}` gives the key itself.
 */
export function lookUp(object: unknown, path: Path, taken: readonly (number | string)[]): unknown {
  let value = object
  let used = 0
  for (const [index, next] of path.steps.entries()) {
    if ('each' in next) {
      const key = taken[used++]
      if (key === undefined) return undefined
      if (next.each === 'value' && index === path.steps.length - 1) return key
      value = own(value, key)
    } else {
      value = own(value, next.field)
    }
  }
  return value
}

/** Whether each wildcard of a path stands where the other one has it too, so that `lookUp` means something. */
export function runsBeside(path: Path, other: Path): boolean {
  const last = path.steps.findLastIndex((step) => 'each' in step)
  return path.steps.slice(0, last + 1).every((step, index) => sameStep(step, other.steps[index]))
}

function sameStep(a: PathStep, b: PathStep | undefined): boolean {
  if (b === undefined) return false
  return 'field' in a ? 'field' in b && a.field === b.field : 'each' in b && a.each === b.each
}

/** An object's own property, or undefined; anything may be asked, and `constructor` or `__proto__` are plain names. */
export function own(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string | number, unknown>)[key]
    : undefined
}

/** Whether a value is a JSON object. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The longest name that Kubernetes gives to anything (a DNS subdomain): no real key is longer, and a concrete path is made for each container. */
const MAX_KEY_TEXT = 253

/** A map's key as a step of a concrete path. Keys are a stranger's text, so what is no plain name is quoted and escaped. */
function keyText(key: string): string {
  if (key.length <= MAX_KEY_TEXT && FIELD.test(key)) return `.${key}`
  const cut = key.length > MAX_KEY_TEXT ? `${key.slice(0, MAX_KEY_TEXT)}...` : key
  const escaped = JSON.stringify(cut).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `[${escaped}]`
}
