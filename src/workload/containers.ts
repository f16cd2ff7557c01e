import type { PullPolicy } from '../image/pull-policy.ts'
import type { WorkloadKind } from './kinds.ts'

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
  /** Set where the container or its image makes no sense: what was found, `a number`, `null`. */
  readonly malformed?: string
  /** The pull policy as written; undefined where it is absent. */
  readonly pullPolicy?: PullPolicy | (string & {})
  /** Concrete path of the image field: `spec.template.spec.containers[0].image`, `spec.volumes[1].image.reference`. */
  readonly field: string
  /** The path in the kinds table that led here and the list: equal for containers that may excuse each other in an update. */
  readonly place: string
  /** `activeDeadlineSeconds` that bounds it, of the pod spec or of the Job around it; undefined: no bound. */
  readonly deadlineSeconds?: number
}

/**
 * The containers of an object, in the order in which they stand. Never throws, whatever the object looks like.
 * Containers whose image is a placeholder of the kind's substitution syntax are left out.
 */
export function containersOf(kind: WorkloadKind, object: unknown): Container[] {
  throw new Error(`not written yet: ${kind.kind} ${object}`)
}
