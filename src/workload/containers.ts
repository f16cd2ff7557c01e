import type { PullPolicy } from '../image/pull-policy.ts'
import type { GroupName, ImagePlace, PodSpecPlace, WorkloadKind } from './kinds.ts'
import { isMap, lookUp, MAX_ITEMS, type Misfit, own, type Path, type Place, walk } from './path.ts'
import { holdsPlaceholder } from './substitution.ts'

/** The list that a container is in. `volumes`: an image volume; `image`: a bare image field of a custom resource. */
export type ContainerList = 'containers' | 'initContainers' | 'ephemeralContainers' | 'volumes' | 'image'

/** A container, or what is judged like one. */
export interface Container {
  readonly list: ContainerList
  /** Its name, an empty string where it has none. Not trustworthy text: sanitise before it is printed. */
  readonly name: string
  /** The group it is in: `Worker`. Not trustworthy text. */
  readonly group?: string
  /** The image as written, or undefined where the field is absent or empty (a template may leave it out). */
  readonly image?: string
  /** Set where the container, its image or its pull policy makes no sense: what stands at `field`, `a number`, `null`. */
  readonly malformed?: string
  /** The pull policy as written; undefined where it is absent. */
  readonly pullPolicy?: PullPolicy | (string & {})
  /** What the pull policy field is called here: `imagePullPolicy`, `pullPolicy`, or `spec.imagePullPolicy` where it does not stand beside the image; undefined where the kind has none. */
  readonly pullPolicyField?: string
  /** Concrete path of the image field: `spec.template.spec.containers[0].image`, `spec.volumes[1].image.reference`; of a malformed one, of what makes no sense. */
  readonly field: string
  /** The path in the kinds table that led here and the list: equal for containers that may excuse each other in an update. */
  readonly place: string
  /** `activeDeadlineSeconds` that bounds it, of the pod spec or of the Job around it; undefined: no bound. */
  readonly deadlineSeconds?: number
}

/**
 * The most containers that are read of one object. etcd takes 1.5 MiB, and a container takes 25 bytes with a one-letter
 * name and image (`{"name":"a","image":"b"},`): a real object has at most 63,000. Somebody who posts 24 MiB of `0,` to
 * the webhook is not stored anyway; the bound keeps the memory of that in proportion. It is no silent pass: what exceeds
 * it is malformed.
 */
export const MAX_CONTAINERS = 65_536

/** The lists of a pod spec that hold containers, in the order in which they are reported. */
const CONTAINER_LISTS = ['containers', 'initContainers', 'ephemeralContainers'] as const

/**
 * The containers of an object, in the order in which they stand. Never throws, whatever the object looks like.
 * Containers whose image is a placeholder of the kind's substitution syntax are left out.
 */
export function containersOf(kind: WorkloadKind, object: unknown): Container[] {
  if (object === undefined || object === null) return []
  const found: Container[] = []

  const add = (container: Container): boolean => {
    if (holdsPlaceholder(kind.substitution, container)) return true
    if (found.length < MAX_CONTAINERS) return found.push(container) > 0
    found.push({
      list: container.list,
      name: '',
      malformed: `more than ${MAX_CONTAINERS} containers`,
      field: container.field,
      place: container.place,
    })
    return false
  }

  // Many paths of a kind may stumble over the same thing (`spec: text`): it is said once.
  const misfits = new Set<string>()
  const addMisfit = ({ value, path, tooMany }: Misfit, list: ContainerList, place: string): boolean => {
    if (misfits.has(path)) return true
    misfits.add(path)
    const said = malformed(value, path, list, place)
    return add(tooMany ? { ...said, malformed: `more than ${MAX_ITEMS} items` } : said)
  }

  for (const place of kind.podSpecs) {
    const text = `${place.path.text} containers`
    const went = walk(object, place.path, {
      place: (at) =>
        isMap(at.value) ? addPodSpec(object, place, at.value, at, add) : addMisfit(at, 'containers', text),
      misfit: (misfit) => addMisfit(misfit, 'containers', text),
    })
    if (!went) return found
  }
  for (const place of kind.images) {
    const list = place.list ?? 'image'
    const text = `${place.image.text} ${list}`
    const went = walk(object, place.image, {
      place: (at) => add(imageContainer(object, place, at, list, text)),
      misfit: (misfit) => addMisfit(misfit, list, text),
    })
    if (!went) return found
  }
  return found
}

/** What the containers of one pod spec share. */
interface Around {
  readonly group?: string
  readonly deadlineSeconds?: number
}

type Add = (container: Container) => boolean

function addPodSpec(
  object: unknown,
  { path, group, deadline }: PodSpecPlace,
  spec: Record<string, unknown>,
  at: Place,
  add: Add,
): boolean {
  const around: Around = {
    group: groupName(object, group, at),
    deadlineSeconds: shorter(
      own(spec, 'activeDeadlineSeconds'),
      deadline && lookUp(object, deadline, at.taken),
    ),
  }
  const lists = CONTAINER_LISTS.every((list) => {
    const place = `${path.text} ${list}`
    return everyItem(spec, list, at.path, (item, field) =>
      add(readContainer(item, field(), list, place, around)),
    )
  })
  if (!lists) return false
  return everyItem(spec, 'volumes', at.path, (item, field) => {
    const volume = readVolume(item, field, `${path.text} volumes`, around)
    return volume === undefined || add(volume)
  })
}

/**
 * Visits each item of a list; a list that is none is visited itself, as what makes no sense. The text of an item's
 * field is made when it is asked for: most volumes have no image.
 */
function everyItem(
  spec: Record<string, unknown>,
  list: string,
  path: string,
  visit: (item: unknown, field: () => string) => boolean,
): boolean {
  const items = own(spec, list)
  if (items === undefined || items === null) return true
  const field = `${path}.${list}`
  if (!Array.isArray(items)) return visit(isMap(items) ? NOT_A_LIST : items, () => field)
  return items.every((item, index) => visit(item, () => `${field}[${index}]`))
}

/** Stands for an object where a list belongs, so that it is not taken for a container. */
const NOT_A_LIST = Symbol('an object')

function readContainer(
  item: unknown,
  field: string,
  list: ContainerList,
  place: string,
  around: Around,
): Container {
  if (!isMap(item)) return malformed(item, field, list, place, around)
  return judgedAs(
    list,
    place,
    around,
    nameOf(own(item, 'name')),
    { value: own(item, 'image'), field: `${field}.image` },
    { value: own(item, 'imagePullPolicy'), field: `${field}.imagePullPolicy`, name: 'imagePullPolicy' },
  )
}

/** An image volume (KEP-4639, core/v1 ImageVolumeSource) is judged like a container; other volumes have no image. */
function readVolume(
  item: unknown,
  fieldOf: () => string,
  place: string,
  around: Around,
): Container | undefined {
  if (!isMap(item)) return malformed(item, fieldOf(), 'volumes', place, around)
  const image = own(item, 'image')
  if (image === undefined || image === null) return undefined
  const field = `${fieldOf()}.image`
  const name = nameOf(own(item, 'name'))
  if (!isMap(image)) return { ...malformed(image, field, 'volumes', place, around), name }
  return judgedAs(
    'volumes',
    place,
    around,
    name,
    { value: own(image, 'reference'), field: `${field}.reference` },
    { value: own(image, 'pullPolicy'), field: `${field}.pullPolicy`, name: 'pullPolicy' },
  )
}

function imageContainer(
  object: unknown,
  place: ImagePlace,
  at: Place,
  list: ContainerList,
  text: string,
): Container {
  const parent: Path = { text: '', steps: place.image.steps.slice(0, -1) }
  return judgedAs(
    list,
    text,
    {
      group: groupName(object, place.group, at),
      deadlineSeconds: shorter(place.deadline && lookUp(object, place.deadline, at.taken)),
    },
    nameOf(own(lookUp(object, parent, at.taken), 'name')),
    { value: at.value, field: at.path },
    {
      value: place.pullPolicy && lookUp(object, place.pullPolicy, at.taken),
      // Only said of a malformed one: the text of the path is near enough where it lies elsewhere.
      field: place.pullPolicy?.text ?? at.path,
      name: place.pullPolicyField,
    },
  )
}

interface Field {
  readonly value: unknown
  readonly field: string
  /** How a person is told where the field goes, where the kind has it. */
  readonly name?: string
}

function judgedAs(
  list: ContainerList,
  place: string,
  { group, deadlineSeconds }: Around,
  name: string,
  image: Field,
  policy: Field,
): Container {
  const pullPolicy = policy.value ?? undefined
  let wrong: Field | undefined
  if (pullPolicy !== undefined && typeof pullPolicy !== 'string') wrong = policy
  if (image.value !== undefined && image.value !== null && typeof image.value !== 'string') wrong = image
  return {
    list,
    name,
    group,
    image: typeof image.value === 'string' && image.value !== '' ? image.value : undefined,
    malformed: wrong && describe(wrong.value),
    pullPolicy: typeof pullPolicy === 'string' && pullPolicy !== '' ? pullPolicy : undefined,
    pullPolicyField: policy.name,
    field: (wrong ?? image).field,
    place,
    deadlineSeconds,
  }
}

function malformed(
  value: unknown,
  field: string,
  list: ContainerList,
  place: string,
  { group, deadlineSeconds }: Around = {},
): Container {
  return { list, name: '', group, malformed: describe(value), field, place, deadlineSeconds }
}

/** What a value is, as a person says it. */
function describe(value: unknown): string {
  if (value === null) return 'null'
  if (value === NOT_A_LIST) return 'an object'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function nameOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function groupName(object: unknown, group: GroupName | undefined, at: Place): string | undefined {
  if (group === undefined) return undefined
  if ('fixed' in group) return group.fixed
  return nameOf(lookUp(object, group.field, at.taken)) || undefined
}

/** The shorter of two deadlines; what is no positive number bounds nothing. */
function shorter(...deadlines: readonly unknown[]): number | undefined {
  const seconds = deadlines.filter((value) => typeof value === 'number' && value > 0) as number[]
  return seconds.length === 0 ? undefined : Math.min(...seconds)
}
