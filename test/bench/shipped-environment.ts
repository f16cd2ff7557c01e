import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'

/** The environment that deploy/ ships (`env` of the Deployment's container), so that what is measured is what runs. */
export function shippedEnvironment(root: string): Record<string, string> {
  const text = readFileSync(join(root, 'deploy/base/deployment.yaml'), 'utf8')
  const env = parseAllDocuments(text).flatMap(
    (document): { name: string; value: string }[] =>
      document.toJS()?.spec?.template?.spec?.containers?.[0]?.env ?? [],
  )
  return Object.fromEntries(env.map(({ name, value }) => [name, value]))
}
