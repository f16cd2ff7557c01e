import t from 'tap'
import { kindsTable } from '../../src/workload/kinds.ts'
import { webhookRules } from '../../src/workload/webhook-rules.ts'
import { manifest } from './manifests.ts'

t.test('the webhook configuration asks for just the kinds of the table', async (t) => {
  const [configuration] = manifest('base/webhook/validating-webhook-configuration.yaml')
  t.same(
    configuration.webhooks[0].rules,
    webhookRules(kindsTable()),
    'deploy/base/webhook/validating-webhook-configuration.yaml holds other rules than the table of kinds; ' +
      'to write it anew, replace its "rules" by what this prints: npm run --silent tallyman -- webhook-rules',
  )
})
