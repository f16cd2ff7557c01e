import t from 'tap'
import { parse } from 'yaml'
import { customResourceDefinition } from '../../src/policy/custom-resource.ts'
import { tallyman } from './memory-terminal.ts'

t.test('the definition, as YAML', async (t) => {
  const { code, stdout, stderr } = await tallyman(['crd'])
  t.equal(code, 0)
  t.equal(stderr, '')
  t.strictSame(parse(stdout), JSON.parse(JSON.stringify(customResourceDefinition())))
})
