import { once } from 'node:events'
import type { IncomingHttpHeaders } from 'node:http'
import { type RequestOptions, request } from 'node:https'
import type { Test } from 'tap'
import { outcomeOf } from '../../src/admission/answer.ts'
import type { AdmissionReviewResponse } from '../../src/admission/review.ts'
import { developmentCertificates } from '../../src/certificates/development.ts'
import { checkPair } from '../../src/certificates/pair.ts'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { withMode } from '../../src/policy/with-mode.ts'
import type { Observer } from '../../src/server/observer.ts'
import { fixedPolicy } from '../../src/server/policy-source.ts'
import { WebhookListener, type WebhookListenerOptions } from '../../src/server/webhook-listener.ts'

export const HOST = '127.0.0.1'

/** One CA and certificate for all listeners of a test file. */
export const certificates = await developmentCertificates([HOST, 'localhost'])
export const pair = checkPair(certificates.serving.certificate, certificates.serving.key)

/** The built-in policy under the switch `enforce`. */
export const enforcing: Policy = withMode(builtInPolicy(), 'enforce')

/** What a listener tells, as it tells it. */
export class Told implements Observer {
  readonly verdicts: { uid: string; outcome: string }[] = []
  readonly changes: { entry: string; uid: string; outcome: string }[] = []
  readonly reasons: string[] = []
  readonly faults: { error: unknown; uid: string | undefined }[] = []
  handshakes = 0
  drops = 0

  judged({ uid }: { uid: string }, { outcome }: { outcome: string }): void {
    this.verdicts.push({ uid, outcome })
  }
  changed(entry: string, { uid }: { uid: string }, review: AdmissionReviewResponse): void {
    this.changes.push({ entry, uid, outcome: outcomeOf(review) })
  }
  refused(reason: string): void {
    this.reasons.push(reason)
  }
  failed(error: unknown, uid: string | undefined): void {
    this.faults.push({ error, uid })
  }
  handshakeFailed(): void {
    this.handshakes += 1
  }
  connectionDropped(): void {
    this.drops += 1
  }
}

/** A listener on a free loopback port that ends with the test. */
export async function listening(t: Test, options: Partial<WebhookListenerOptions> = {}) {
  const told = new Told()
  const listener = new WebhookListener({
    policies: fixedPolicy(enforcing),
    minVersion: 'TLSv1.3',
    observer: told,
    now: () => new Date('2026-11-23T12:00:00Z'),
    ...options,
  })
  listener.useCertificate(pair)
  const { port } = await listener.listen(HOST, 0)
  t.teardown(() => listener.close())
  return { listener, told, port }
}

export interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Posts to `/validate` unless told otherwise, and on a connection of its own. */
export async function post(
  port: number,
  body: string | Buffer | undefined,
  options: RequestOptions = {},
): Promise<Answer> {
  const sent = request({
    host: HOST,
    port,
    path: '/validate?timeout=10s',
    method: 'POST',
    ca: certificates.ca,
    agent: false,
    headers: { 'content-type': 'application/json' },
    ...options,
  })
  sent.end(body)
  const [response] = await once(sent, 'response')
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  return { status: response.statusCode, headers: response.headers, text }
}

/** An AdmissionReview that creates a Pod with one container. */
export function podReview(
  image: unknown,
  { uid = 'c0ffee00-0000-4000-8000-000000000001', annotation = '' } = {},
): Record<string, unknown> {
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid,
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      name: 'resnet',
      namespace: 'team-a',
      operation: 'CREATE',
      userInfo: { username: 'jane', groups: ['system:authenticated'] },
      object: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'resnet', namespace: 'team-a', annotations: { note: annotation } },
        spec: { containers: [{ name: 'trainer', image, imagePullPolicy: 'IfNotPresent' }] },
      },
      oldObject: null,
      dryRun: false,
    },
  }
}

/** An AdmissionReview that creates the TagPolicy `default`. */
export function policyReview(spec: unknown): Record<string, unknown> {
  const object = {
    apiVersion: 'tallyman.dev/v1alpha1',
    kind: 'TagPolicy',
    metadata: { name: 'default' },
    spec,
  }
  return reviewOf({
    uid: 'c0ffee00-0000-4000-8000-000000000002',
    kind: { group: 'tallyman.dev', version: 'v1alpha1', kind: 'TagPolicy' },
    resource: { group: 'tallyman.dev', version: 'v1alpha1', resource: 'tagpolicies' },
    name: 'default',
    operation: 'CREATE',
    object,
    oldObject: null,
  })
}

/** An AdmissionReview that labels the namespace `team-a`, which had no labels. */
export function namespaceReview(labels: unknown): Record<string, unknown> {
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } }
  return reviewOf({
    uid: 'c0ffee00-0000-4000-8000-000000000003',
    kind: { group: '', version: 'v1', kind: 'Namespace' },
    resource: { group: '', version: 'v1', resource: 'namespaces' },
    name: 'team-a',
    namespace: 'team-a',
    operation: 'UPDATE',
    object: { ...object, metadata: { name: 'team-a', labels } },
    oldObject: object,
  })
}

function reviewOf(request: object): Record<string, unknown> {
  const userInfo = { username: 'jane', groups: ['system:authenticated'] }
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: { ...request, userInfo, dryRun: false },
  }
}
