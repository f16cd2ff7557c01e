/** AdmissionReviews as an API server sends them, to measure with. */

/** The size of a usual review of a Pod. */
export const USUAL_BYTES = 6 * 1024
export const LARGE_BYTES = 1024 * 1024

const FIXED = [
  'registry.example.com/vision/resnet:1.4.2',
  'docker.io/library/busybox:1.36.1',
  `registry.example.com/agents/metrics@sha256:${'0123456789abcdef'.repeat(4)}`,
]
/** One container of the three moves, as in most denials: the others are sidecars. */
export const MOVING: readonly string[] = ['registry.example.com/vision/resnet:latest', ...FIXED.slice(1)]

/** A Pod of three containers, all of which pass. */
export function allowedReview(bytes = USUAL_BYTES): string {
  return review(FIXED, bytes)
}

/** The same with one image that a policy in mode enforce denies. */
export function deniedReview(bytes = USUAL_BYTES): string {
  return review(MOVING, bytes)
}

/** Somebody labels a namespace so that everything in it is denied. */
export function labelReview(name: string): string {
  const namespace = (mode: string) => ({ metadata: { name, labels: { 'tallyman.dev/mode': mode } } })
  return JSON.stringify({
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: '0df28fbd-5f5f-11e8-bc74-36e6bb280816',
      kind: { group: '', version: 'v1', kind: 'Namespace' },
      resource: { group: '', version: 'v1', resource: 'namespaces' },
      name,
      namespace: name,
      operation: 'UPDATE',
      userInfo: { username: 'jane', groups: ['system:authenticated'] },
      object: namespace('enforce'),
      oldObject: namespace('warn'),
      dryRun: true,
    },
  })
}

/** The Pod of such a review. */
export function pod(images: readonly string[] = FIXED, variables = 0): Record<string, unknown> {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'resnet-7d4b9c',
      namespace: 'team-a',
      uid: '6f1a0a55-7b7f-4a0e-9a8c-2f9f1d7a1c11',
      creationTimestamp: '2026-11-23T12:00:00Z',
      labels: { app: 'resnet', 'app.kubernetes.io/part-of': 'vision', team: 'a' },
      annotations: { 'example.com/run': '20261123', 'example.com/owner': 'team-a' },
      managedFields: [
        {
          manager: 'kubectl-create',
          operation: 'Update',
          apiVersion: 'v1',
          time: '2026-11-23T12:00:00Z',
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:metadata': { 'f:labels': { '.': {}, 'f:app': {}, 'f:team': {} } }, 'f:spec': {} },
        },
      ],
    },
    spec: {
      containers: images.map((image, i) => ({
        name: ['trainer', 'fetch', 'metrics'][i],
        image,
        imagePullPolicy: 'IfNotPresent',
        command: ['/bin/run', '--config', '/etc/config/run.yaml'],
        env: Array.from({ length: i === 0 ? variables : 2 }, (_, n) => ({
          name: `SETTING_${n}`,
          value: `value-${n}`,
        })),
        resources: { limits: { cpu: '4', memory: '16Gi' }, requests: { cpu: '2', memory: '8Gi' } },
        volumeMounts: [
          { name: 'token', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true },
        ],
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
      })),
      restartPolicy: 'Never',
      serviceAccountName: 'default',
      securityContext: {},
      schedulerName: 'default-scheduler',
      volumes: [{ name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }],
    },
    status: { phase: 'Pending', qosClass: 'Burstable' },
  }
}

/** @param bytes the size to come close to from below, by environment variables */
function review(images: readonly string[], bytes: number): string {
  const empty = build(images, 0).length
  const each = (build(images, 1000).length - empty) / 1000
  return build(images, Math.max(0, Math.floor((bytes - empty) / each)))
}

function build(images: readonly string[], variables: number): string {
  return JSON.stringify({
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: '0df28fbd-5f5f-11e8-bc74-36e6bb280816',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      requestKind: { group: '', version: 'v1', kind: 'Pod' },
      requestResource: { group: '', version: 'v1', resource: 'pods' },
      name: 'resnet-7d4b9c',
      namespace: 'team-a',
      operation: 'CREATE',
      userInfo: { username: 'jane', groups: ['system:authenticated'] },
      object: pod(images, variables),
      oldObject: null,
      dryRun: false,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1', fieldManager: 'kubectl-create' },
    },
  })
}
