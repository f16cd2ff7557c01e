/**
 * The part of JSON Schema that the TagPolicy is written in: what a structural schema of Kubernetes can say too. The
 * schemas are plain literals and nothing is loaded to hold them; typebox is there for their types alone.
 */
export interface Schema {
  readonly type: 'object' | 'array' | 'string' | 'integer' | 'boolean'
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  /** A tuple of literals: of any other list typebox's `Static` makes `never`. */
  readonly enum?: readonly string[]
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly format?: string
  /** For an array of objects: the fields that together name an entry. coherence.ts refuses a name that comes twice. */
  readonly keys?: readonly string[]
  /** What holds between fields, for the API server; coherence.ts says the same in better words. */
  readonly rules?: readonly CelRule[]
  /** No keyword, and as a function left out of JSON: what the keywords cannot say of a text. */
  readonly problem?: TextCheck
}

/** A rule in the Common Expression Language, and what somebody is told who breaks it (ValidationRule). */
export interface CelRule {
  /** Of `self`, the value of the schema. */
  readonly rule: string
  /** The field that is named, from the schema on: `.enforceFrom`. Where absent: the value itself. */
  readonly fieldPath?: string
  /** `FieldValueForbidden` says that the field does not belong, and spares the reader its value. */
  readonly reason?: 'FieldValueForbidden' | 'FieldValueRequired'
  readonly message: string
}

/** Says what is wrong with a text, as the rest of a sentence about its field; undefined where nothing is. */
export type TextCheck = (text: string) => string | undefined
