import type { Command } from 'commander'
import { stringify } from 'yaml'
import { customResourceDefinition } from '../policy/custom-resource.ts'
import { type CommandModule, EXIT } from './command.ts'

const HELP = `
deploy/base holds the same, so whoever applies that needs this for nothing else.

Example:
  tallyman crd | kubectl apply --server-side -f -`

/** `tallyman crd`: the definition of the custom resource TagPolicy. */
export const crd: CommandModule<Record<string, never>> = {
  configure(command: Command): void {
    command.addHelpText('after', HELP)
  },

  async run(_args, _options, { stdout }) {
    stdout.write('# Made by tallyman crd from the schema of a TagPolicy: make crd writes it anew.\n')
    stdout.write(stringify(customResourceDefinition(), { aliasDuplicateObjects: false, lineWidth: 110 }))
    return EXIT.done
  },
}
