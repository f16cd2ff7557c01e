/** A built-in controller, what it acts for and what it makes; `group/kind`, the core group is empty. */
export type Controller = readonly [account: string, owner: string, object: string]

/**
 * The built-in controllers that make objects with containers.
 * Source: k8s.io/kubernetes cmd/kube-controller-manager (the clients' names) and pkg/controller.
 */
export const BUILT_IN_CONTROLLERS: readonly Controller[] = [
  ['deployment-controller', 'apps/Deployment', 'apps/ReplicaSet'],
  ['replicaset-controller', 'apps/ReplicaSet', '/Pod'],
  ['replication-controller', '/ReplicationController', '/Pod'],
  ['statefulset-controller', 'apps/StatefulSet', '/Pod'],
  ['statefulset-controller', 'apps/StatefulSet', 'apps/ControllerRevision'],
  ['daemon-set-controller', 'apps/DaemonSet', '/Pod'],
  ['daemon-set-controller', 'apps/DaemonSet', 'apps/ControllerRevision'],
  ['job-controller', 'batch/Job', '/Pod'],
  ['cronjob-controller', 'batch/CronJob', 'batch/Job'],
]

/** Whether a built-in controller makes objects for such an owner. */
export function isBuiltInMaker({ group, kind }: { readonly group: string; readonly kind: string }): boolean {
  return BUILT_IN_CONTROLLERS.some(([, by]) => by === `${group}/${kind}`)
}

/** Whether a built-in controller makes such objects for such an owner. */
export function isBuiltInOwner(
  owner: { readonly group: string; readonly kind: string },
  object: { readonly group: string; readonly kind: string },
): boolean {
  const owning = `${owner.group}/${owner.kind}`
  const made = `${object.group}/${object.kind}`
  return BUILT_IN_CONTROLLERS.some(([, by, makes]) => by === owning && makes === made)
}
