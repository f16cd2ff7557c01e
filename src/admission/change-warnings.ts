import type { Workload } from '../preview/preview.ts'
import { breakageGroups } from './breakage-groups.ts'
import type { ClusterView } from './cluster-view.ts'
import { denyingMore, type Regimes } from './denying-more.ts'
import { counted } from './listing.ts'
import { type PreviewOccasion, previewWarnings } from './preview-warnings.ts'
import type { AdmissionRequest } from './review.ts'
import type { Room } from './warning-lines.ts'

/** Of so many places it is asked whether names may be told: the API server answers each, while somebody waits. */
const MAX_PLACES = 12

/** Workloads of a group that a line may have room for. */
const NAMED_PER_GROUP = 3

/** A change and whoever makes it. */
export interface Changing extends Omit<PreviewOccasion, 'mayName'> {
  readonly user: AdmissionRequest['userInfo']
  readonly regimes: Regimes
  /** Where it may make a difference; an empty name stands for objects of cluster scope. */
  readonly namespaces: readonly string[]
}

/** What a change would break, for whoever makes it; nothing where it denies no more than before. */
export async function changeWarnings(
  changing: Changing,
  view: Pick<ClusterView, 'preview' | 'mayList'>,
  now: Date,
  room: Room,
): Promise<string[]> {
  const { user, regimes, namespaces, ...occasion } = changing
  const hit = denyingMore(regimes, namespaces, now)
  if (hit.length === 0) return []
  const preview = await view.preview({ ...regimes, now, namespaces: singled(hit, namespaces) })
  if (preview === undefined) return [`${occasion.subject}: ${unknownText(hit, occasion)}`]
  const places = new Map<string, Workload>()
  for (const { breakages } of breakageGroups(preview))
    for (const { workload } of breakages.slice(0, NAMED_PER_GROUP)) {
      // Of a kind that no policy knows nobody can say which resource it is.
      if (workload.resource !== '' && places.size < MAX_PLACES) places.set(placeKey(workload), workload)
    }
  const told = await Promise.all(
    [...places].map(async ([key, { namespace, group, resource }]) =>
      (await view.mayList(user, { namespace, group, resource })) ? key : undefined,
    ),
  )
  return previewWarnings(preview, { ...occasion, mayName: (it) => told.includes(placeKey(it)) }, room)
}

/** Undefined where all are to be looked at: objects of cluster scope are looked at only then. */
function singled(hit: readonly string[], of: readonly string[]): string[] | undefined {
  const names = hit.filter((name) => name !== '')
  const all = hit.length === of.length && hit.includes('')
  return all || names.length === 0 ? undefined : names
}

/** There is no preview: tallyman may not list workloads, or looks at another change just now. */
function unknownText(
  hit: readonly string[],
  { single, command }: Pick<Changing, 'single' | 'command'>,
): string {
  const names = hit.filter((name) => name !== '').length
  const where = single ? 'here' : names === 0 ? 'outside of namespaces' : `in ${counted(names, 'namespace')}`
  return `more may be denied ${where}; ${command} says what`
}

function placeKey({ namespace, group, resource }: Workload): string {
  return `${namespace} ${group} ${resource}`
}
