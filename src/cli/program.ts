import { Command, CommanderError } from 'commander'
import { type CommandModule, EXIT } from './command.ts'
import { tidyEnvironment } from './environment.ts'
import type { Terminal } from './terminal.ts'
import { version } from './version.ts'

interface Entry {
  /** One word, or the name of a group and one in it. */
  readonly name: string
  readonly summary: string
  /** Loads the command; the server's packages take longer to load than `explain` takes to answer. */
  load(): Promise<CommandModule<never>>
}

const COMMANDS: readonly Entry[] = [
  {
    name: 'lint',
    summary: 'check manifests before anything reaches a cluster',
    load: async () => (await import('./lint.ts')).lint,
  },
  {
    name: 'explain',
    summary: 'say what an image reference is and why, or what a rule asks',
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    name: 'preview',
    summary: 'say what would be denied of what is in a cluster',
    load: async () => (await import('./preview.ts')).preview,
  },
  {
    name: 'policy show',
    summary: 'say what holds in a namespace, and where each value comes from',
    load: async () => (await import('./policy-show.ts')).policyShow,
  },
  {
    name: 'serve',
    summary: 'answer the admission reviews of a cluster over HTTPS',
    load: async () => (await import('./serve.ts')).serve,
  },
  {
    name: 'webhook-rules',
    summary: 'print the rules for a ValidatingWebhookConfiguration',
    load: async () => (await import('./webhook-rules.ts')).webhookRulesCommand,
  },
  {
    name: 'crd',
    summary: 'print the definition of the custom resource TagPolicy',
    load: async () => (await import('./crd.ts')).crd,
  },
  {
    name: 'certs',
    summary: 'make a development CA and a serving certificate',
    load: async () => (await import('./certs.ts')).certs,
  },
]

/** What the commands of a group have in common. */
const GROUPS: Readonly<Record<string, string>> = {
  policy: 'look at the policies of a cluster',
}

const ABOUT = `Checks the image tag and the pull policy of every container.

A tag such as latest, 1.25 or alpine moves: what it names today is not what it names tomorrow, so
that two runs of the same job may not run the same code. tallyman finds such tags, says why they
move, and says what to write instead.`

const EXAMPLES = `
Examples:
  tallyman lint -f deploy/                     every manifest under deploy/
  helm template . | tallyman lint -            what a chart renders
  tallyman explain nginx:1.25-alpine           what kind of tag that is, and why
  tallyman explain partialTag                  what a rule asks, and how to satisfy it
  tallyman preview team-a                      what would be denied of what is in your cluster
  tallyman policy show team-a                  what holds in a namespace of it, and why
  tallyman serve --tls-cert tls.crt --tls-key tls.key

tallyman COMMAND --help explains a command.`

/** Runs a command line (without the program's own name). @returns the exit code; never throws */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  tidyEnvironment()
  let code: number = EXIT.done
  const program = new Command('tallyman')
    .description(ABOUT)
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain')
    .helpCommand('help [command]', 'explain a command')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('tallyman --help lists the commands, tallyman COMMAND --help explains one.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      getOutHelpWidth: () => helpWidth(terminal.stdout),
      writeErr: (text) => terminal.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'tallyman: ')),
    })
  for (const entry of COMMANDS) {
    const words = entry.name.split(' ')
    const command = parentOf(words, program)
      .command(words.at(-1) ?? '')
      .summary(entry.summary)
    if (!words.every((word) => args.includes(word))) continue
    const module = (await entry.load()) as CommandModule<unknown>
    module.configure(command.description(`${entry.summary[0]?.toUpperCase()}${entry.summary.slice(1)}.`))
    command.action(async () => {
      code = await module.run(command.args, command.opts(), terminal)
    })
  }
  if (args.length === 0) {
    program.outputHelp()
    return EXIT.done
  }
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    return failure(error, terminal)
  }
  return code
}

/** The program itself, or the group that a command is in. */
function parentOf([group = '', word]: readonly string[], program: Command): Command {
  if (word === undefined) return program
  const known = program.commands.find((command) => command.name() === group)
  if (known !== undefined) return known
  const about = GROUPS[group] ?? ''
  return program
    .command(group)
    .summary(about)
    .description(`${about[0]?.toUpperCase()}${about.slice(1)}.`)
}

/** The texts are written for 100 columns; a narrower terminal gets its own width. */
const HELP_COLUMNS = 100

function helpWidth(stream: NodeJS.WritableStream): number {
  const { columns = HELP_COLUMNS } = stream as { columns?: number }
  return Math.min(columns, HELP_COLUMNS)
}

/** Errors whose message is written for a person and says all there is to say. */
const PERSONAL: ReadonlySet<string> = new Set([
  'CommandError',
  'PolicyError',
  'CertificateError',
  'LoginError',
])

/** Prints why a command did not do its work. */
function failure(error: unknown, terminal: Terminal): number {
  // commander has printed its own message, or the help or version that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.unusable
  if (error instanceof Error && PERSONAL.has(error.name)) {
    terminal.stderr.write(`tallyman: ${error.message}\n`)
    return EXIT.unusable
  }
  // A fault of our own: whoever reports it needs the stack.
  terminal.stderr.write(`tallyman: ${error instanceof Error ? error.stack : String(error)}\n`)
  return EXIT.failed
}
