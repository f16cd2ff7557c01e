import { type Command, Option } from 'commander'
import { plainText, printableText } from '../admission/plain-text.ts'
import { endsSoon } from '../policy/exemptions.ts'
import { MODES, type Mode } from '../policy/mode.ts'
import type { Exemption } from '../policy/policy.ts'
import { type ClusterOptions, connect, contextOption, kubeconfigOption } from './cluster-option.ts'
import { CommandError, type CommandModule, EXIT } from './command.ts'
import { chartOf } from './helm.ts'
import { readInputs, STDIN } from './inputs.ts'
import { type LintFinding, lintIn, namespaceFor } from './lint-finding.ts'
import { type LintPolicies, policiesOfCluster, policiesOfFile } from './lint-policies.ts'
import { countByMode, counted, type Format, type LintReport, type Unread } from './lint-report.ts'
import { readManifests } from './manifests.ts'
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
today; what holds there, tallyman policy show NAMESPACE says.

Examples:
  tallyman lint -f deploy/                        all .yaml, .yml and .json files under deploy/
  tallyman lint -f job.yaml -n team-a             as if created with kubectl -n team-a
  helm template . | tallyman lint -               what a chart renders
  kubectl kustomize overlays/prod | tallyman lint -
  kubectl get deploy,cronjob -A -o yaml | tallyman lint - --fail-on none
  tallyman lint -f . -o github                    comments beside the lines of a pull request
  tallyman lint -f job.yaml --from-cluster -n team-a

Exit codes: 0 nothing to fail on, 1 something is, 2 something could not be read.`

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
    const { report, skipped, templates, exempt } = await lintAll(paths, terminal, {
      policies,
      namespace,
      now,
    })
    terminal.stdout.write((await formatOf(options.output, terminal))(report))
    for (const { file, line, message } of report.unread)
      note(`tallyman: ${printableText(line === undefined ? file : `${file}:${line}`)}: ${plainText(message)}`)
    // So that whoever writes an exemption sees whether it covers what it should.
    if (exempt.size > 0) note(`Exempt: ${[...exempt.values()].map((use) => useText(use, now)).join(', ')}.`)
    for (const remark of policies.remarks()) note(`tallyman: ${plainText(remark)}`)
    for (const line of helmAdvice(templates)) note(`tallyman: ${line}`)
    if (skipped > 0)
      note(
        `${skipped} ${skipped === 1 ? 'file holds' : 'files hold'} no Kubernetes object and ${skipped === 1 ? 'was' : 'were'} skipped.`,
      )
    return exitCode(report, templates, options.failOn)
  },
}

interface Linted {
  readonly report: LintReport
  /** Files without a Kubernetes object. */
  readonly skipped: number
  /** Files that are Helm templates. */
  readonly templates: readonly string[]
  /** What each exemption applied to, by its name. */
  readonly exempt: ReadonlyMap<string, Use>
}

interface Use {
  readonly exemption: Exemption
  readonly objects: number
}

async function lintAll(
  paths: readonly string[],
  terminal: Terminal,
  { policies, namespace, now }: { policies: LintPolicies; namespace: string; now: Date },
): Promise<Linted> {
  const findings: LintFinding[] = []
  const unread: Unread[] = []
  const templates: string[] = []
  const exempt = new Map<string, Use>()
  let objects = 0
  let images = 0
  let skipped = 0
  for await (const input of readInputs(paths, terminal.stdin)) {
    const file = input.name
    if ('problem' in input) {
      unread.push({ file, message: input.problem })
      continue
    }
    const read = 'text' in input ? readManifests(input.text) : undefined
    if (read?.helm) templates.push(file)
    else if (read === undefined || read.objects.length + read.problems.length === 0) skipped += 1
    for (const { line, message } of read?.problems ?? []) unread.push({ file, line, message })
    for (const manifest of read?.objects ?? []) {
      const inForce = await policies.for(namespaceFor(manifest, namespace, policies.kinds))
      const linted = lintIn(manifest, file, inForce, now)
      objects += 1
      images += linted.images
      findings.push(...linted.findings)
      for (const exemption of linted.exemptions)
        exempt.set(exemption.name, { exemption, objects: (exempt.get(exemption.name)?.objects ?? 0) + 1 })
    }
  }
  return { report: { findings, unread, objects, images }, skipped, templates, exempt }
}

/** `2 objects by vendor-agent`, and until when where that is soon. */
function useText({ exemption, objects }: Use, now: Date): string {
  const { name, expires } = exemption
  return `${counted(objects, 'object')} by ${name}${endsSoon(exemption, now) ? ` (only until ${expires})` : ''}`
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

/** What to type for templates, one line for each chart. */
function helmAdvice(templates: readonly string[]): string[] {
  const charts = Map.groupBy(templates, (file) => (file === STDIN ? undefined : chartOf(file)))
  return [...charts].map(([chart, files]) => {
    const what =
      files.length === 1
        ? `${printableText(files[0] ?? '')} is a Helm template`
        : `${files.length} files are Helm templates`
    return `${what}, which only Helm can read: helm template ${shellWord(chart ?? '.')} | tallyman lint -`
  })
}

/** A path as a shell takes it for one word. */
function shellWord(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${printableText(path).replaceAll("'", "'\\''")}'`
}

/** A file that was not read could hold anything, so it weighs more than what was found in the others. */
function exitCode(report: LintReport, templates: readonly string[], failOn: LintOptions['failOn']): number {
  if (report.unread.length > 0 || templates.length > 0) return EXIT.unusable
  const { enforce, warn } = countByMode(report)
  if (failOn === 'none') return EXIT.done
  return enforce > 0 || (failOn === 'warn' && warn > 0) ? EXIT.failed : EXIT.done
}
