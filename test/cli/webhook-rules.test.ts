import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import { webhookRules } from '../../src/workload/webhook-rules.ts'
import { tallyman } from './memory-terminal.ts'

t.test('the rules of all built-in kinds, as YAML', async (t) => {
  const { code, stdout, stderr } = await tallyman(['webhook-rules'])
  t.equal(code, 0)
  t.equal(stderr, '')
  t.strictSame(parse(stdout), { rules: webhookRules(builtInPolicy().cluster.kinds) })
})

t.test("a policy's own kinds too", async (t) => {
  const workload = '{group: example.com, kind: Engine, resource: engines, images: [{image: spec.image}]}'
  const directory = t.testdir({
    'policy.yaml': `apiVersion: tallyman.dev/v1alpha1\nkind: TagPolicy\nmetadata: {name: default}\nspec: {cluster: {workloads: [${workload}]}}\n`,
  })
  const { stdout } = await tallyman(['webhook-rules', '--policy', join(directory, 'policy.yaml')])
  t.match(
    parse(stdout).rules.find(({ apiGroups }: { apiGroups: string[] }) => apiGroups.includes('example.com')),
    { resources: ['engines'] },
  )
})
