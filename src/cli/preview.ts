import { setFlagsFromString } from 'node:v8'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { numeral } from '../admission/listing.ts'
import { plainText } from '../admission/plain-text.ts'
import type { Api } from '../cluster/api.ts'
import { workloadPages } from '../cluster/workload-lists.ts'
import { MODES, type Mode } from '../policy/mode.ts'
import { Outlook, outlookOrder } from '../preview/outlook.ts'
import type { Preview, Unread } from '../preview/preview.ts'
import type { WorkloadKind } from '../workload/kinds.ts'
import { ask, type ClusterOptions, connect, contextOption, kubeconfigOption } from './cluster-option.ts'
import { CommandError, type CommandModule, EXIT } from './command.ts'
import { exemptText } from './exempt-text.ts'
import { type PreviewPolicies, previewPolicies } from './preview-policies.ts'
import type { PreviewFormat } from './preview-report.ts'
import { bar, Progress } from './progress.ts'
import { painter, type Terminal } from './terminal.ts'
import { unreadTexts } from './unread-text.ts'

const FORMATS = ['text', 'json', 'csv'] as const
const FAIL_ON = ['enforce', 'none'] as const

/** Pods have some 10 KB each, and a page is held whole while it is read: pages of 250 take 25 MB more, and no less time. */
const PAGE = 100

export interface PreviewOptions extends ClusterOptions {
  readonly allNamespaces?: true
  readonly selector?: string
  readonly mode?: Mode
  readonly policy?: string
  readonly output: (typeof FORMATS)[number]
  readonly groupBy?: string
  readonly failOn: (typeof FAIL_ON)[number]
}

const HELP = `
Reads the workloads of a cluster, changes nothing, and says which of them would be denied: with
nobody touching them, at their next run or release, or only when their image changes. Where a Pod
runs now, what to write is the tag with the digest that it runs.

Without --policy the policies of the cluster are taken, switched to enforce in every namespace, so
that what only warns today is seen before it is denied. With --policy FILE it is judged by that file
as it stands, in place of the TagPolicy of its name; --mode switches that one too. Namespaces that
the API server does not ask tallyman about are left out: kube-system and tallyman's own.

It takes the right to list workloads, such as the ClusterRole view has it.

Examples:
  tallyman preview                                the namespace of the current context
  tallyman preview team-a team-b
  tallyman preview -A --group-by team             how far each team is, by a label of its namespaces
  tallyman preview -l stage=prod -o csv           one line for each image, for a spreadsheet
  tallyman preview -A --policy policy.yaml        what a change would break, before it is applied

Exit codes: 0 nothing would be denied, 1 something would, 2 something could not be read.`

/** `tallyman preview`: what would be denied of what is there. */
export const preview: CommandModule<PreviewOptions> = {
  configure(command: Command): void {
    command
      .argument('[namespace...]', "the namespaces to look at; the context's where none is named")
      .option('-A, --all-namespaces', 'look at all of them')
      .option('-l, --selector <selector>', 'look at those whose labels fit: stage=prod,team!=lab')
      .addOption(new Option('--mode <mode>', 'judge as if every switch were this').choices(MODES))
      .option('--policy <file>', 'a TagPolicy as it is to become')
      .addOption(kubeconfigOption())
      .addOption(contextOption())
      .addOption(new Option('-o, --output <format>', 'what to print').choices(FORMATS).default('text'))
      .addOption(
        new Option('--group-by <label>', 'count by a label of the namespaces').argParser((label: string) => {
          if (/^[\w./-]{1,317}$/.test(label)) return label
          throw new InvalidArgumentError('It is the name of a label, such as team or example.com/team.')
        }),
      )
      .addOption(
        new Option('--fail-on <mode>', 'exit with 1 where something would be denied')
          .choices(FAIL_ON)
          .default('enforce'),
      )
      .addHelpText('after', HELP)
  },

  async run(args, options, terminal) {
    const ways = [args.length > 0, options.allNamespaces === true, options.selector !== undefined]
    if (ways.filter(Boolean).length > 1)
      throw new CommandError('name namespaces, or choose them with -A or -l, but not both')
    const { api, namespace } = await connect(options)
    const names = ways.some(Boolean) ? args : [namespace]
    const now = new Date()
    const policies = await previewPolicies(api, names, options)
    for (const remark of policies.remarks) terminal.stderr.write(`tallyman: ${plainText(remark)}\n`)
    const found = await look(api, policies, options, now, terminal)
    const report = {
      preview: found,
      groups: options.groupBy === undefined ? undefined : groupsOf(found, policies, options.groupBy),
    }
    terminal.stdout.write((await formatOf(options.output, terminal))(report))
    for (const text of unreadTexts(found.unread)) terminal.stderr.write(`tallyman: ${text}\n`)
    const exempt = exemptText(found)
    if (exempt !== undefined) terminal.stderr.write(`${exempt}\n`)
    if (found.unread.length > 0 || policies.missing) return EXIT.unusable
    const denied = found.breakages.length + found.more
    return denied > 0 && options.failOn === 'enforce' ? EXIT.failed : EXIT.done
  },
}

/**
 * Without it the heap grows as long as the machine has memory: 212 MB for 150,000 Pods, and 132 with it, in no more time.
 * `make bench-cluster` measures it.
 */
function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=20')
}

async function look(
  api: Api,
  policies: PreviewPolicies,
  { allNamespaces }: PreviewOptions,
  now: Date,
  terminal: Terminal,
): Promise<Preview> {
  keepHeapSmall()
  const outlook = new Outlook({ after: policies.after, now })
  const unread: Unread[] = []
  const progress = new Progress(terminal.stderr)
  const namespaces = allNamespaces ? undefined : new Set(policies.namespaces.keys())
  const counts = (name: string) => name === '' || policies.namespaces.has(name)
  const read = async () => {
    if (namespaces?.size === 0) return
    let reading: WorkloadKind | undefined
    let done = 0
    for await (const page of workloadPages(api, outlookOrder(policies.kinds.all), {
      namespaces,
      counts,
      singlyIfRefused: true,
      pageSize: PAGE,
    })) {
      if ('unread' in page) {
        unread.push(page.unread)
        continue
      }
      for (const item of page.items) outlook.add(page.kind, item)
      done = page.kind === reading ? done + page.items.length : page.items.length
      reading = page.kind
      const { remaining = 0 } = page
      progress.show(`${bar(done, done + remaining)} of ${reading.resource}, ${numeral(remaining)} to come`)
    }
  }
  try {
    await ask(read())
  } finally {
    progress.clear()
  }
  return outlook.result({ unread })
}

/** The namespaces of each value of a label, added up. */
function groupsOf({ namespaces }: Preview, policies: PreviewPolicies, label: string) {
  const groups = new Map<string, { workloads: number; denied: number }>()
  for (const [name, count] of namespaces) {
    const value = policies.namespaces.get(name)?.labels[label] ?? ''
    const sum = groups.get(value) ?? { workloads: 0, denied: 0 }
    sum.workloads += count.workloads
    sum.denied += count.denied
    groups.set(value, sum)
  }
  const rows = [...groups].map(([value, count]) => ({ value, ...count }))
  return { label, rows: rows.sort((a, b) => b.denied - a.denied || (a.value < b.value ? -1 : 1)) }
}

async function formatOf(name: PreviewOptions['output'], terminal: Terminal): Promise<PreviewFormat> {
  switch (name) {
    case 'json':
      return (await import('./preview-json.ts')).jsonPreview
    case 'csv':
      return (await import('./preview-csv.ts')).csvPreview
    case 'text': {
      const { textPreview } = await import('./preview-text.ts')
      const paint = painter(terminal.stdout)
      return (report) => textPreview(report, paint)
    }
  }
}
