import type { Mode } from '../policy/mode.ts'
import type { Policy } from '../policy/policy.ts'
import { isBuiltInOwner } from '../workload/built-in-controllers.ts'
import type { WorkloadKind } from '../workload/kinds.ts'
import type { ObjectMeta } from '../workload/object-meta.ts'

/** An object by its kind and name. */
export interface Named {
  readonly group: string
  readonly kind: string
  readonly name: string
}

/** How an object comes into being. */
export interface Origin {
  /** The strictest mode that its findings may have when it is made again. */
  readonly ceiling: Mode
  /** What a person edits: the object itself, or what owns it. */
  readonly workload: Named
  readonly owned: boolean
}

/**
 * Says how a stored object comes into being again. Who made it is not written in it: where a controller owns it, it is taken
 * that this controller runs for the whole cluster, as nearly all do; one in the namespace itself would be denied more.
 */
export function originOf(kind: WorkloadKind, meta: ObjectMeta, policy: Policy): Origin {
  const { controller } = meta
  const itself = { group: kind.group, kind: kind.kind, name: meta.name ?? '' }
  if (controller === undefined) return { ceiling: 'enforce', workload: itself, owned: false }
  const workload = makerOf(controller, meta)
  const { kinds, controllers } = policy.cluster
  const isPod = kind.group === '' && kind.kind === 'Pod'
  // What fills in its placeholders only in its Pods is judged there in full.
  if (isPod && kinds.find(controller.group, controller.kind)?.substitution !== undefined)
    return { ceiling: 'enforce', workload, owned: false }
  const spared = controllers === 'cluster' || isBuiltInOwner(controller, kind)
  return { ceiling: spared ? policy.ownedObjects : 'enforce', workload, owned: true }
}

/** A ReplicaSet of a Deployment is called after it and the hash that its Pods have as a label (DeploymentController, `pod-template-hash`). */
function makerOf(owner: Named, meta: ObjectMeta): Named {
  const hash = meta.label('pod-template-hash')
  if (
    owner.group === 'apps' &&
    owner.kind === 'ReplicaSet' &&
    hash !== undefined &&
    owner.name.endsWith(`-${hash}`)
  )
    return { group: 'apps', kind: 'Deployment', name: owner.name.slice(0, -hash.length - 1) }
  return owner
}
