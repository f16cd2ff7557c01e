import type { OwnerEvent } from '../../src/admission/owner-event.ts'

/** What is said on a ReplicaSet of a Pod that is denied, changed as said. */
export function said(change: Partial<OwnerEvent> = {}): OwnerEvent {
  return {
    owner: { apiVersion: 'apps/v1', group: 'apps', kind: 'ReplicaSet', name: 'web-5d4', uid: 'u1' },
    namespace: 'team-a',
    reason: 'ImageTagDenied',
    note: 'Pod "web-5d4-...": container "web" uses nginx:latest',
    topic: 'Pod: container "web" uses nginx:latest',
    ...change,
  }
}
