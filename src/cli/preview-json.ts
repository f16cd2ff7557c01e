import type { PreviewReport } from './preview-report.ts'
import { safeJson } from './safe-json.ts'

/**
 * For programs: `{breakages: [{trigger, deniedFrom, namespace, group, kind, name, images: [{container, image, rules, problem,
 * remedy, running}]}], groups, unread, summary: {workloads, denied, read}}`.
 */
export function jsonPreview({ preview, groups }: PreviewReport): string {
  const { breakages, more, read, namespaces, unread } = preview
  const report = {
    breakages: breakages.map(
      ({ workload: { namespace, group, kind, name }, trigger, deniedFrom, images }) => ({
        trigger,
        deniedFrom,
        namespace,
        group,
        kind,
        name,
        images,
      }),
    ),
    groups,
    unread,
    summary: {
      workloads: [...namespaces.values()].reduce((sum, { workloads }) => sum + workloads, 0),
      denied: breakages.length + more,
      read,
    },
  }
  return `${safeJson(report)}\n`
}
