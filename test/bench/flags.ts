import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'

/** The Node flags that deploy/ ships (NODE_OPTIONS of the Deployment), so that what is measured is what runs. */
export function shippedFlags(root: string): string[] {
  const path = join(root, 'deploy/base/deployment.yaml')
  if (!existsSync(path)) return []
  for (const document of parseAllDocuments(readFileSync(path, 'utf8'))) {
    const env = document.toJS()?.spec?.template?.spec?.containers?.[0]?.env as
      | { name: string; value?: string }[]
      | undefined
    const options = env?.find(({ name }) => name === 'NODE_OPTIONS')?.value
    if (options !== undefined) return options.split(' ').filter((flag) => flag !== '')
  }
  return []
}
