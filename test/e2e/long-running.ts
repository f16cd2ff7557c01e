import { apiPath } from './api-path.ts'

/** A workload that a built-in controller makes Pods for, each with an image that is denied once the policy enforces. */
export interface LongRunning {
  readonly kind: string
  /** Of the resource, in the namespace team-a. */
  readonly path: string
  readonly object: { readonly metadata: { readonly name: string } }
  /** Where its Pods have a label `app` with its name. */
  readonly name: string
}

const NAMESPACE = 'team-a'

const template = (app: string, more: object = {}) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'main', image: 'nginx:latest' }], ...more },
})
const selected = (app: string, more?: object) => ({
  selector: { matchLabels: { app } },
  template: template(app, more),
})
const job = (app: string) => ({ template: template(app, { restartPolicy: 'Never' }) })

function workload(apiVersion: string, kind: string, spec: (name: string) => object): LongRunning {
  const name = kind.toLowerCase()
  const object = { apiVersion, kind, metadata: { name }, spec: spec(name) }
  return { kind, name, path: apiPath(apiVersion, `${name}s`, NAMESPACE), object }
}

/** One of each kind. */
export const LONG_RUNNING: readonly LongRunning[] = [
  workload('apps/v1', 'Deployment', selected),
  workload('apps/v1', 'StatefulSet', (name) => ({ serviceName: name, ...selected(name) })),
  // Nobody reports that the node is ready, so that it is tainted.
  workload('apps/v1', 'DaemonSet', (name) => selected(name, { tolerations: [{ operator: 'Exists' }] })),
  workload('v1', 'ReplicationController', (app) => ({ selector: { app }, template: template(app) })),
  // A deleted Pod of a Job counts as a failure, and the next one waits for ten seconds: it is asked for more Pods instead.
  workload('batch/v1', 'Job', (name) => ({ parallelism: 0, ...job(name) })),
  workload('batch/v1', 'CronJob', (name) => ({
    schedule: '0 0 1 1 *',
    jobTemplate: { spec: job(name) },
  })),
]
