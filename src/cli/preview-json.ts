import type { PreviewReport } from './preview-report.ts'
import { safeJson } from './safe-json.ts'

/**
 * For programs: `{breakages: [{trigger, deniedFrom, namespace, group, kind, name, images: [{container, image, rules, problem,
 * remedy: {image, pullPolicy, pullPolicyField, command}, expired: {name, expires}, running}]}], exempt: [{name, expires,
 * workloads}], groups, unread: [{resource, reason}], summary: {workloads, denied, shown, read}}`. Texts are as they stand in the cluster, so whoever prints them has to make them safe.
 */
export function jsonPreview({ preview, groups }: PreviewReport): string {
  const { breakages, more, exempt, read, namespaces, unread } = preview
  const report = {
    breakages: breakages.map(
      ({ workload: { namespace, group, kind, name }, trigger, deniedFrom, images }) => ({
        trigger,
        deniedFrom: deniedFrom ?? null,
        namespace,
        group,
        kind,
        name,
        images: images.map(({ replacement, expired, ...image }) => ({
          ...image,
          remedy: replacement ?? null,
          expired: expired ?? null,
        })),
      }),
    ),
    exempt: exempt.map(({ name, expires, workloads }) => ({ name, expires: expires ?? null, workloads })),
    groups: groups ?? null,
    unread: unread.map(({ resource, reason }) => ({ resource, reason })),
    summary: {
      workloads: [...namespaces.values()].reduce((sum, { workloads }) => sum + workloads, 0),
      denied: breakages.length + more,
      shown: breakages.length,
      read,
    },
  }
  return `${safeJson(report)}\n`
}
