import { admit } from '../admission/admit.ts'
import { admitNamespace } from '../admission/admit-namespace.ts'
import { admitPolicy } from '../admission/admit-policy.ts'
import type { ClusterView } from '../admission/cluster-view.ts'
import type { Policies } from '../admission/policies.ts'
import type { AdmissionRequest, AdmissionReviewResponse } from '../admission/review.ts'
import type { Observer } from './observer.ts'

export interface EntryOptions {
  readonly policies: Policies
  /** Absent where policies come from no cluster, so that nobody can change one through the API server. */
  readonly cluster?: ClusterView
  readonly observer: Observer
  readonly now: () => Date
}

/** An answer. */
export interface Answered {
  readonly review: AdmissionReviewResponse
  /** Tells the observer of it. @param seconds from the headers' arrival */
  report(seconds: number): void
}

/** Answers the requests that an entry of the webhook configuration sends. @throws only on a fault of our own */
export type Entry = (request: AdmissionRequest) => Promise<Answered>

/** The entries by the path that each posts to. */
export function webhookEntries({
  policies,
  cluster,
  observer,
  now,
}: EntryOptions): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>()
  entries.set('/validate', async (request) => {
    const verdict = await admit(request, policies, now())
    return { review: verdict.review, report: (seconds) => observer.judged(request, verdict, seconds) }
  })
  if (cluster === undefined) return entries
  entries.set('/validate-policy', async (request) => {
    const review = await admitPolicy(request, cluster, now())
    return { review, report: () => observer.changed('policies', request, review) }
  })
  entries.set('/validate-namespace', async (request) => {
    const review = await admitNamespace(request, cluster, now())
    return { review, report: () => observer.changed('namespaces', request, review) }
  })
  return entries
}
