import type { Container, ContainerList } from './container.ts'
import { isMap, own } from './path.ts'
import type { Surroundings } from './surroundings.ts'

/** Where a container stands: what it shares with its neighbours. */
export interface Slot extends Surroundings {
  readonly list: ContainerList
  readonly place: string
}

/** A field and where it stands. */
export interface Field {
  readonly value: unknown
  readonly field: string
  /** How a person is told where the field goes, where the kind has it. */
  readonly name?: string
}

/** Reads a container of a pod spec (core/v1 Container, EphemeralContainer). */
export function readContainer(item: Record<string, unknown>, field: string, slot: Slot): Container {
  return readFields(
    slot,
    nameOf(own(item, 'name')),
    { value: own(item, 'image'), field: `${field}.image` },
    { value: own(item, 'imagePullPolicy'), field: `${field}.imagePullPolicy`, name: 'imagePullPolicy' },
  )
}

/** Reads an image volume (KEP-4639, core/v1 ImageVolumeSource) like a container; undefined: a volume of another type. */
export function readVolume(
  item: Record<string, unknown>,
  fieldOf: () => string,
  slot: Slot,
): Container | undefined {
  const image = own(item, 'image')
  if (image === undefined || image === null) return undefined
  const field = `${fieldOf()}.image`
  const name = nameOf(own(item, 'name'))
  if (!isMap(image)) return { ...malformed(image, 'fields', field, slot), name }
  return readFields(
    slot,
    name,
    { value: own(image, 'reference'), field: `${field}.reference` },
    { value: own(image, 'pullPolicy'), field: `${field}.pullPolicy`, name: 'pullPolicy' },
  )
}

/** A container of its fields. What is absent, null or empty is absent; what is no text makes no sense. */
export function readFields(slot: Slot, name: string, image: Field, pullPolicy: Field): Container {
  const wrong = isNoText(image.value) ? image : isNoText(pullPolicy.value) ? pullPolicy : undefined
  return {
    list: slot.list,
    name,
    group: slot.group,
    image: textOf(image.value),
    malformed: wrong && misplaced(wrong.value, 'a text'),
    unquoted: typeof image.value === 'number' || typeof image.value === 'boolean' ? true : undefined,
    pullPolicy: textOf(pullPolicy.value),
    pullPolicyField: pullPolicy.name,
    field: (wrong ?? image).field,
    place: slot.place,
    deadlineSeconds: slot.deadlineSeconds,
  }
}

/** What may be missing where something else stands. */
export type Belonging = 'a container' | 'a list' | 'a text' | 'a volume' | 'fields'

/** Something that stands on the way to a container or in its place, and does not belong there. */
export function malformed(value: unknown, belongs: Belonging, field: string, slot: Slot): Container {
  return { ...slot, name: '', malformed: misplaced(value, belongs), field }
}

function misplaced(value: unknown, belongs: Belonging): string {
  return `${describe(value)} where ${belongs} ${belongs === 'fields' ? 'belong' : 'belongs'}`
}

/** A name as text; anything else is no name. */
export function nameOf(value: unknown): string {
  return textOf(value) ?? ''
}

/** Something is there, and it is no text. */
function isNoText(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'string'
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** What a value is, as a person says it. */
function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
