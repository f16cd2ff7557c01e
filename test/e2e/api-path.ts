/**
 * The path of a resource in the API: `/apis/batch/v1/namespaces/team-a/jobs`.
 * @param namespace missing for what is in none
 */
export function apiPath(apiVersion: string, resource: string, namespace?: string): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  return namespace === undefined ? `${root}/${resource}` : `${root}/namespaces/${namespace}/${resource}`
}
