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

/** Parses a path. @throws PathError */
export function parsePath(text: string): Path {
  throw new PathError(`not written yet: ${text}`)
}

/** A value that a path leads to. */
export interface Place {
  readonly value: unknown
  /** The concrete path, with indexes: `spec.tasks[0].template.spec`, `spec.map.Worker.template.spec`. */
  readonly path: string
  /** The indexes and keys taken at `[*]` and `{*}`, in order. */
  readonly taken: readonly (number | string)[]
}

/** All values a path leads to in an object; what is absent or of another shape yields nothing. Own properties only. */
export function follow(object: unknown, path: Path): Place[] {
  throw new Error(`not written yet: ${object} ${path.text}`)
}
