import { join } from 'node:path'
import t from 'tap'
import { loadPolicy, policyOption } from '../../src/cli/policy-option.ts'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import { PolicyError } from '../../src/policy/parse.ts'

t.test('no file means the built-in policy', async (t) => {
  t.equal(await loadPolicy(undefined), builtInPolicy())
  t.equal(policyOption().envVar, 'TALLYMAN_POLICY')
})

t.test('a file is read, or refused with the place of each mistake', async (t) => {
  const directory = t.testdir({
    'good.yaml':
      'apiVersion: tallyman.dev/v1alpha1\nkind: TagPolicy\nmetadata: {name: default}\nspec: {mode: audit}\n',
    'bad.yaml':
      'apiVersion: tallyman.dev/v1alpha1\nkind: TagPolicy\nmetadata: {name: default}\nspec: {mode: loud}\n',
  })
  t.equal((await loadPolicy(join(directory, 'good.yaml'))).mode, 'audit')
  await t.rejects(loadPolicy(join(directory, 'bad.yaml')), PolicyError)
  await t.rejects(loadPolicy(join(directory, 'bad.yaml')), /bad\.yaml:4: spec\.mode: /)
  await t.rejects(loadPolicy(join(directory, 'none.yaml')), PolicyError)
})
