import type { PreviewReport } from '../../src/cli/preview-report.ts'
import type { Breakage } from '../../src/preview/preview.ts'
import { DIGEST, OTHER_DIGEST } from '../preview/objects.ts'

/** A workload that would be denied. */
export function breakage(more: Partial<Breakage> = {}): Breakage {
  return {
    workload: {
      namespace: 'team-a',
      group: 'apps',
      kind: 'Deployment',
      resource: 'deployments',
      name: 'web',
    },
    trigger: 'change',
    images: [
      {
        container: 'main',
        image: 'busybox:1.36',
        rules: ['partialTag'],
        problem: 'moves to each new 1.36.z',
        replacement: { image: `busybox:1.36@${DIGEST}` },
        running: [DIGEST, OTHER_DIGEST],
      },
    ],
    ...more,
  }
}

export function report(breakages: readonly Breakage[], groups?: PreviewReport['groups']): PreviewReport {
  const namespaces = new Map([['team-a', { workloads: 3, denied: breakages.length }]])
  return { preview: { breakages, more: 0, namespaces, exempt: [], read: 9, unread: [] }, groups }
}

export const GROUPS = {
  label: 'team',
  rows: [
    { value: 'vision', workloads: 3, denied: 1 },
    { value: '', workloads: 0, denied: 0 },
  ],
}
