import { type Mode, milder } from '../policy/mode.ts'
import type { Policy } from '../policy/policy.ts'
import { isBuiltInMaker, isBuiltInOwner } from '../workload/built-in-controllers.ts'
import type { WorkloadKind } from '../workload/kinds.ts'
import { saysMirror } from '../workload/mirror-pod.ts'
import type { ObjectMeta } from '../workload/object-meta.ts'

/** An object by its kind and name, in a namespace that is known. */
export interface Named {
  readonly group: string
  readonly kind: string
  readonly name: string
}

/** How an object comes into being. */
export interface Origin {
  /** The strictest mode that its findings may have when it is made again. */
  readonly ceiling: Mode
  /** What it was made for; undefined where a person made it for itself. */
  readonly maker?: Named
  /** Whether a controller makes it again with nobody touching anything. */
  readonly owned: boolean
}

/** Of whom ReplicaSets are: called after it and a hash, which its Pods have as a label (DeploymentController; Argo Rollouts' DefaultRolloutUniqueLabelKey). */
const REPLICA_SET_MAKERS: readonly {
  readonly label: string
  readonly group: string
  readonly kind: string
}[] = [
  { label: 'pod-template-hash', group: 'apps', kind: 'Deployment' },
  { label: 'rollouts-pod-template-hash', group: 'argoproj.io', kind: 'Rollout' },
]

/**
 * Says how a stored object comes into being again. Who made it is not written in it: where a controller owns it, it is taken
 * that this controller runs for the whole cluster, as nearly all do; one in the namespace itself would be denied more.
 */
export function originOf(kind: WorkloadKind, meta: ObjectMeta, policy: Policy): Origin {
  const { controller } = meta
  const { kinds, controllers } = policy.cluster
  const maker = controller && makerOf(controller, meta)
  const isPod = kind.group === '' && kind.kind === 'Pod'
  if (isPod && saysMirror(meta)) return { ceiling: milder(policy.ownedObjects, 'audit'), maker, owned: true }
  if (controller === undefined) return { ceiling: 'enforce', owned: false }
  // What fills in its placeholders only in its Pods is judged there in full.
  if (isPod && kinds.find(controller.group, controller.kind)?.substitution !== undefined)
    return { ceiling: 'enforce', maker, owned: false }
  const spared = controllers === 'cluster' || isBuiltInOwner(controller, kind)
  return { ceiling: spared ? policy.ownedObjects : 'enforce', maker, owned: true }
}

/** Of which no controller makes anything by itself: other objects name them. */
export const ONLY_NAMED: ReadonlySet<string> = new Set([
  'trainer.kubeflow.org/TrainingRuntime',
  'trainer.kubeflow.org/ClusterTrainingRuntime',
  'serving.kserve.io/ServingRuntime',
  'serving.kserve.io/ClusterServingRuntime',
])

/** The strictest mode that the findings of what a kind's controller makes may have; undefined where it makes nothing. */
export function ceilingOfMade({ group, kind }: WorkloadKind, policy: Policy): Mode | undefined {
  if (ONLY_NAMED.has(`${group}/${kind}`)) return undefined
  const spared = policy.cluster.controllers === 'cluster' || isBuiltInMaker({ group, kind })
  return spared ? policy.ownedObjects : 'enforce'
}

function makerOf(owner: Named, meta: ObjectMeta): Named {
  if (owner.group === 'apps' && owner.kind === 'ReplicaSet')
    for (const { label, group, kind } of REPLICA_SET_MAKERS) {
      const hash = meta.label(label)
      if (hash !== undefined && owner.name.endsWith(`-${hash}`))
        return { group, kind, name: owner.name.slice(0, -hash.length - 1) }
    }
  return owner
}
