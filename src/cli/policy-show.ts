import { type Command, Option } from 'commander'
import { plainText } from '../admission/plain-text.ts'
import { ApiError } from '../cluster/api.ts'
import { type Judged, judgedAsInstalled, judgedNamespaces } from '../cluster/judged-namespaces.ts'
import { policiesOnce, readNamespaces, readPolicies } from '../cluster/policies-once.ts'
import { PolicyFile } from '../files/policy-file.ts'
import { overviewOf } from '../policy/namespace-overview.ts'
import { DEFAULT, type PolicySet, policySet } from '../policy/policy-set.ts'
import { provenanceOf } from '../policy/provenance.ts'
import { quoted } from '../policy/quoted.ts'
import type { Namespace } from '../policy/switch.ts'
import {
  ask,
  type Cluster,
  type ClusterOptions,
  connect,
  contextOption,
  kubeconfigOption,
} from './cluster-option.ts'
import { CommandError, type CommandModule, EXIT } from './command.ts'
import { type PolicyShown, policyText } from './policy-show-text.ts'
import { safeJson } from './safe-json.ts'
import { safeYaml } from './safe-yaml.ts'
import { painter } from './terminal.ts'

const FORMATS = ['text', 'yaml', 'json'] as const

export interface PolicyShowOptions extends ClusterOptions {
  readonly policy?: string
  readonly output: (typeof FORMATS)[number]
}

const HELP = `
Without a namespace: what holds in the cluster wherever no namespace says otherwise, and in which
namespaces what holds. Nothing is changed. To read the TagPolicies takes the ClusterRole
tallyman-viewer, and the namespace has to be readable too, because its labels count.

Examples:
  tallyman policy show                             the cluster of the current context
  tallyman policy show team-a --context prod       one namespace of another one
  tallyman policy show team-a --policy policy.yaml what a file would say, before it is applied
  tallyman policy show -o json | jq .namespaces    for programs`

/** `tallyman policy show`: what holds, and where each value comes from. */
export const policyShow: CommandModule<PolicyShowOptions> = {
  configure(command: Command): void {
    command
      .argument('[namespace]', 'what holds in it')
      .addOption(
        new Option('--policy <file>', 'a TagPolicy in place of those of a cluster').conflicts([
          'kubeconfig',
          'context',
        ]),
      )
      .addOption(kubeconfigOption())
      .addOption(contextOption())
      .addOption(new Option('-o, --output <format>', 'what to print').choices(FORMATS).default('text'))
      .addHelpText('after', HELP)
  },

  async run([namespace], options, terminal) {
    const now = new Date()
    const { policy: file, output } = options
    const { what, shown, note } =
      file === undefined
        ? await ofCluster(await connect(options), namespace, now)
        : await ofFile(file, namespace, now)
    if (note !== undefined) terminal.stderr.write(`tallyman: ${note}\n`)
    const text = {
      text: () => policyText(what, shown, painter(terminal.stdout)),
      yaml: () => safeYaml(shown),
      json: () => `${safeJson(shown)}\n`,
    }[output]
    terminal.stdout.write(text())
    return EXIT.done
  },
}

interface Answer {
  /** What it is about, a heading. */
  readonly what: string
  readonly shown: PolicyShown
  /** What is missing from it, and why. */
  readonly note?: string
}

/** A file knows no label of a namespace. */
async function ofFile(file: string, name: string | undefined, now: Date): Promise<Answer> {
  const source = (await PolicyFile.open(file)).source
  const set = policySet(new Map([[DEFAULT, source]]))
  const namespace = name === undefined ? undefined : { name, labels: {} }
  const what = namespace === undefined ? file : `Namespace ${name}, by ${file}`
  const judged = namespace === undefined || judgedAsInstalled(namespace)
  return {
    what,
    shown: {
      namespace: name ?? null,
      ...(!judged && { judged }),
      ...provenanceOf(set, namespace, now),
      refused: [],
    },
  }
}

async function ofCluster({ api }: Cluster, name: string | undefined, now: Date): Promise<Answer> {
  if (name !== undefined) {
    const [{ policies, namespaces, refused, installed }, isJudged] = await ask(
      Promise.all([policiesOnce(api, { namespace: name }), judgedNamespaces(api)]),
    )
    const namespace = namespaces.get(name)
    if (namespace === undefined)
      throw new CommandError(
        `there is no namespace ${quoted(name)} in the cluster; kubectl get namespaces lists them`,
      )
    const judged = isJudged(namespace)
    return {
      what: `Namespace ${name}`,
      shown: {
        namespace: name,
        ...(!judged && { judged }),
        ...provenanceOf(policies, namespace, now),
        refused,
      },
      note: noteOn(installed),
    }
  }
  const [{ policies, refused, installed }, isJudged] = await ask(
    Promise.all([readPolicies(api), judgedNamespaces(api)]),
  )
  const read = await namespacesOf(readNamespaces(api))
  return {
    what: 'The cluster, wherever a namespace says nothing else',
    shown: {
      namespace: null,
      ...provenanceOf(policies, undefined, now),
      others: othersOf(policies),
      ...(typeof read !== 'string' && overview(policies, read, isJudged, now)),
      refused,
    },
    note: typeof read === 'string' ? read : noteOn(installed),
  }
}

/** What holds where, and where what holds has no effect. */
function overview(
  policies: PolicySet,
  read: ReadonlyMap<string, Namespace>,
  isJudged: Judged,
  now: Date,
): Pick<PolicyShown, 'namespaces' | 'unjudged'> {
  const { judged = [], unjudged = [] } = Object.groupBy(read.values(), (namespace) =>
    isJudged(namespace) ? 'judged' : 'unjudged',
  )
  return {
    namespaces: overviewOf(policies, new Map(judged.map((it) => [it.name, it])), now),
    unjudged: unjudged.map(({ name }) => name).sort(),
  }
}

/** Whoever may read policies and no namespaces, as their owners may, is told the rest. */
async function namespacesOf(
  reading: Promise<ReadonlyMap<string, Namespace>>,
): Promise<ReadonlyMap<string, Namespace> | string> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof ApiError && error.status === 403)
      return `what holds in which namespace is left out: ${plainText(error.message)}`
    return ask(Promise.reject(error))
  }
}

function noteOn(installed: boolean): string | undefined {
  return installed
    ? undefined
    : 'the cluster knows no TagPolicies, so the built-in policy holds; kubectl apply -k of deploy/ makes it know them'
}

function othersOf({ sources }: PolicySet): NonNullable<PolicyShown['others']> {
  return [...sources.values()]
    .filter(({ metadata }) => metadata.name !== DEFAULT)
    .map(({ metadata: { name }, spec: { namespaces } }) => ({ name, ...(namespaces && { namespaces }) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}
