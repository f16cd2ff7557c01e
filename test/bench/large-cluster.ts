/** An API server that holds a large cluster: `node test/bench/large-cluster.ts PODS NAMESPACES POLICIES` prints its port. */
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'

/** What it holds, and the certificate that it shows. */
export interface LargeCluster {
  readonly pods: number
  readonly namespaces: number
  readonly policies: number
  readonly certificate: string
  readonly key: string
}

const { pods, namespaces, policies, certificate, key } = workerData as LargeCluster
const HOST = '127.0.0.1'
const DIGEST = `sha256:${'a'.repeat(64)}`

const name = (index: number) => `team-${index}`

function namespace(index: number): object {
  const labels = { 'kubernetes.io/metadata.name': name(index), team: name(index % 60) }
  const own = index % 3 === 0 ? { 'tallyman.dev/mode': 'warn' } : {}
  return {
    metadata: {
      name: name(index),
      uid: `u${index}`,
      resourceVersion: '5',
      labels: { ...labels, ...own },
      annotations: { note: 'x'.repeat(200) },
    },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  }
}

function policy(index: number): object {
  const exemption = (each: number) => ({
    name: `e${each}`,
    images: [`vendor.example.com/p${index}-${each}:*`],
    reason: 'pinned by its installer',
  })
  return {
    metadata: {
      name: index === 0 ? 'default' : `p${index}`,
      uid: `p${index}`,
      resourceVersion: '5',
      generation: 1,
    },
    spec: { mode: 'warn', exemptions: Array.from({ length: 20 }, (_, each) => exemption(each)) },
  }
}

/** A Pod of a Deployment as kubectl get -o json has it, some 7 KB; every tenth has a tag that moves. */
function pod(index: number, namespace = name(index % namespaces)): object {
  const hash = '5d4f8c7b9'
  const deployment = `web-${index % 2_000}`
  const image = index % 10 === 0 ? 'busybox:1.36' : 'registry.example.com/web:1.2.3'
  const variable = (each: number) => ({
    name: `SETTING_${each}`,
    value: 'some value that an application is told',
  })
  return {
    metadata: {
      name: `${deployment}-${hash}-${index}`,
      namespace,
      uid: `pod-${index}`,
      resourceVersion: '5',
      labels: { app: deployment, 'pod-template-hash': hash },
      annotations: { 'example.com/config': 'x'.repeat(1_000) },
      // Every fourth is owned by nobody, as what a notebook or a pipeline makes.
      ...(index % 4 === 0
        ? {}
        : {
            ownerReferences: [
              { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${deployment}-${hash}`, controller: true },
            ],
          }),
      managedFields: Array.from({ length: 3 }, () => ({
        manager: 'kubelet',
        fieldsV1: { f: 'x'.repeat(500) },
      })),
    },
    spec: {
      containers: [
        {
          name: 'main',
          image,
          imagePullPolicy: 'IfNotPresent',
          env: Array.from({ length: 30 }, (_, each) => variable(each)),
        },
      ],
    },
    status: {
      phase: 'Running',
      containerStatuses: [{ name: 'main', image, imageID: `docker.io/library/busybox@${DIGEST}` }],
    },
  }
}

const LISTS: Readonly<Record<string, readonly [count: number, make: (index: number) => object]>> = {
  '/api/v1/namespaces': [namespaces, namespace],
  '/apis/tallyman.dev/v1alpha1/tagpolicies': [policies, policy],
  '/api/v1/pods': [pods, pod],
}

/** Any one namespace that is asked for holds all Pods: a preview of it reads as much as it may. */
function podsOf(path: string): (typeof LISTS)[string] | undefined {
  const [, namespace] = /^\/api\/v1\/namespaces\/([^/]+)\/pods$/.exec(path) ?? []
  return namespace === undefined ? undefined : [pods, (index) => pod(index, namespace)]
}

/** Pages of one namespace, which are asked for again and again while something else is measured. */
const pages = new Map<string, string>()

const server = createServer({ cert: certificate, key }, (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', `https://${HOST}`)
  response.setHeader('content-type', 'application/json')
  if (request.method !== 'GET') {
    request.resume().on('end', () => response.end('{}'))
    return
  }
  if (pathname === '/apis') return void response.end(JSON.stringify({ kind: 'APIGroupList', groups: [] }))
  const list = LISTS[pathname] ?? podsOf(pathname)
  const [count, make] = list ?? [0, () => ({})]
  if (searchParams.has('watch')) return void response.writeHead(200).flushHeaders()
  if (list === undefined && !pathname.includes('validatingwebhook'))
    return void response.writeHead(404).end('{}')
  const known = pages.get(request.url ?? '')
  if (known !== undefined) return void response.end(known)
  const from = Number(searchParams.get('continue') ?? 0)
  const to = Math.min(count, from + Number(searchParams.get('limit') ?? count))
  const items = Array.from({ length: to - from }, (_, index) => make(from + index))
  const more = to < count ? { continue: String(to), remainingItemCount: count - to } : {}
  const page = JSON.stringify({ kind: 'List', metadata: { resourceVersion: '5', ...more }, items })
  if (LISTS[pathname] === undefined) pages.set(request.url ?? '', page)
  response.end(page)
})
await once(server.listen(0, HOST), 'listening')
parentPort?.postMessage((server.address() as AddressInfo).port)
