import type { PullPolicy } from '../image/pull-policy.ts'

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
  /** Set where the container, its image or its pull policy makes no sense: what stands at `field`, `a number where a text belongs`. */
  readonly malformed?: string
  /** Set where it is malformed by an image that is a number or a boolean: so YAML reads `3.14` or `on` without quotes. */
  readonly unquoted?: true
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

/** Takes a container that was found; false: enough, stop looking. */
export type Add = (container: Container) => boolean
