import { type Command, Option } from 'commander'
import { MODES, type Mode } from '../policy/mode.ts'
import { type ClusterOptions, connect, contextOption, kubeconfigOption } from './cluster-option.ts'
import { CommandError, type CommandModule, EXIT } from './command.ts'
import { readInputs } from './inputs.ts'
import { lintAll } from './lint-all.ts'
import { lintNotes } from './lint-notes.ts'
import { policiesOfCluster, policiesOfFile } from './lint-policies.ts'
import { countByMode, type Format, type LintReport } from './lint-report.ts'
import { policyOption } from './policy-option.ts'
import { painter, type Terminal } from './terminal.ts'

const FORMATS = ['text', 'json', 'sarif', 'github'] as const
const FAIL_ON = ['enforce', 'warn', 'none'] as const

export interface LintOptions extends ClusterOptions {
  readonly filename?: readonly string[]
  readonly namespace?: string
  readonly policy?: string
  readonly fromCluster?: boolean
  readonly mode?: Mode
  readonly output: (typeof FORMATS)[number]
  readonly failOn: (typeof FAIL_ON)[number]
}

const HELP = `
The verdict is the webhook's on the same object, created by a person. The policy's switch is taken
as enforce, so that what only warns today is seen before it is denied; --mode judges otherwise.
With --from-cluster the policies of a cluster judge, each object by what holds in its namespace
today; what holds there, tallyman policy show NAMESPACE says. What is in kube-system or in
tallyman's own namespace is passed over: the API server does not ask the webhook about it.

Examples:
  tallyman lint -f deploy/                        all .yaml, .yml and .json files under deploy/
  tallyman lint -f job.yaml -n team-a             as if created with kubectl -n team-a
  helm template . | tallyman lint -               what a chart renders
  kubectl kustomize overlays/prod | tallyman lint -
  kubectl get deploy,cronjob -A -o yaml | tallyman lint - --fail-on none
  tallyman lint -f . -o github                    comments beside the lines of a pull request
  tallyman lint -f job.yaml --from-cluster -n team-a

Exit codes: 0 nothing to fail on, 1 something is, 2 something could not be read, or what was named
(a file, or -) holds no Kubernetes object; a directory may hold such files.`

/** `tallyman lint`: the webhook's verdict before anything reaches a cluster. */
export const lint: CommandModule<LintOptions> = {
  configure(command: Command): void {
    command
      .argument('[file...]', 'the same as -f')
      .option(
        '-f, --filename <file...>',
        'a file, a directory with all that is under it, or - for standard input',
      )
      .option(
        '-n, --namespace <name>',
        "the namespace of objects that name none (default, or the kubeconfig's)",
      )
      .addOption(policyOption())
      .addOption(
        new Option('--from-cluster', 'judge by the policies and namespaces of a cluster').conflicts('policy'),
      )
      .addOption(kubeconfigOption().implies({ fromCluster: true }))
      .addOption(contextOption().implies({ fromCluster: true }))
      .addOption(new Option('--mode <mode>', "judge as if the policy's switch were this").choices(MODES))
      .addOption(new Option('-o, --output <format>', 'what to print').choices(FORMATS).default('text'))
      .addOption(
        new Option('--fail-on <mode>', 'exit with 1 on findings of this mode or a stricter one')
          .choices(FAIL_ON)
          .default('enforce'),
      )
      .addHelpText('after', HELP)
  },

  async run(args, options, terminal) {
    const paths = [...(options.filename ?? []), ...args]
    if (paths.length === 0)
      throw new CommandError(
        'lint needs something to read: tallyman lint -f FILE, a directory, or - for standard input',
      )
    const now = new Date()
    const policies = options.fromCluster
      ? await policiesOfCluster(await connect(options), options.mode, now)
      : await policiesOfFile(options.policy, options.mode)
    const note = (text: string): unknown => terminal.stderr.write(`${text}\n`)
    if (options.mode === undefined) note(policies.assumption)
    const namespace = options.namespace ?? policies.namespace
    const linted = await lintAll(readInputs(paths, terminal.stdin), paths, { policies, namespace, now })
    const { report } = linted
    terminal.stdout.write((await formatOf(options.output, terminal))(report))
    for (const text of lintNotes(linted, policies.remarks(), now)) note(text)
    return exitCode(report, options.failOn)
  },
}

async function formatOf(name: LintOptions['output'], terminal: Terminal): Promise<Format> {
  switch (name) {
    case 'json':
      return (await import('./report-json.ts')).jsonReport
    case 'sarif':
      return (await import('./report-sarif.ts')).sarifReport
    case 'github':
      return (await import('./report-github.ts')).githubReport
    case 'text': {
      const { textReport } = await import('./report-text.ts')
      const paint = painter(terminal.stdout)
      return (report) => textReport(report, paint)
    }
  }
}

/** What was not read could hold anything, so it weighs more than what was found in the rest. */
function exitCode(report: LintReport, failOn: LintOptions['failOn']): number {
  if (report.unread.length > 0) return EXIT.unusable
  const { enforce, warn } = countByMode(report)
  if (failOn === 'none') return EXIT.done
  return enforce > 0 || (failOn === 'warn' && warn > 0) ? EXIT.failed : EXIT.done
}
