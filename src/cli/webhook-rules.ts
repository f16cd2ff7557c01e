import type { Command } from 'commander'
import { stringify } from 'yaml'
import { webhookRules } from '../workload/webhook-rules.ts'
import { type CommandModule, EXIT } from './command.ts'
import { loadPolicy, policyOption } from './policy-option.ts'

const HELP = `
The API server sends tallyman only what a ValidatingWebhookConfiguration lists. These rules list
every kind that is built in and every one of the policy (spec.cluster.workloads). A kind whose CRD
is not installed does no harm.

Example:
  tallyman webhook-rules --policy policy.yaml > rules.yaml`

/** `tallyman webhook-rules`: what the ValidatingWebhookConfiguration has to list. */
export const webhookRulesCommand: CommandModule<{ readonly policy?: string }> = {
  configure(command: Command): void {
    command.addOption(policyOption()).addHelpText('after', HELP)
  },

  async run(_args, options, { stdout }) {
    const { kinds } = (await loadPolicy(options.policy)).cluster
    stdout.write('# For webhooks[name=image-tags.tallyman.dev] of a ValidatingWebhookConfiguration\n')
    stdout.write(stringify({ rules: webhookRules(kinds) }, { aliasDuplicateObjects: false }))
    return EXIT.done
  },
}
