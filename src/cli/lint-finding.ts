import { actionText, adviceFor, adviceSentence, problemText } from '../admission/advice.ts'
import { ALL_NEW } from '../admission/changes.ts'
import { containerPhrase, subjectText } from '../admission/container-phrase.ts'
import { commented, wrap } from '../admission/lines.ts'
import type { Occasion } from '../admission/occasion.ts'
import { plainText } from '../admission/plain-text.ts'
import { type Finding, judge } from '../judge.ts'
import type { Exemption, Policy } from '../policy/policy.ts'
import type { InForce } from '../policy/policy-set.ts'
import type { KindsTable } from '../workload/kinds.ts'
import { objectMeta } from '../workload/object-meta.ts'
import type { Manifest } from './manifests.ts'

/** A finding and where it stands. */
export interface LintFinding {
  /** As the person named it, or as it was found under a directory. */
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly object: {
    readonly apiVersion: string
    readonly kind: string
    readonly namespace: string
    readonly name: string
  }
  readonly finding: Finding
}

/** How many images were looked at, what was found, and what was not told. */
export interface LintedManifest {
  readonly images: number
  /** The exemptions that applied. */
  readonly exemptions: readonly Exemption[]
  readonly findings: readonly LintFinding[]
}

/**
 * Judges a manifest as the webhook judges it when a person creates the object, by a policy that holds everywhere.
 * @param namespace the one of objects that name none
 */
export function lintManifest(
  manifest: Manifest,
  file: string,
  namespace: string,
  policy: Policy,
  now: Date,
): LintedManifest {
  const name = namespaceFor(manifest, namespace, policy.cluster.kinds)
  return lintIn(manifest, file, { policy, namespace: { name, labels: {} } }, now)
}

/** The namespace that an object would be created in: its own, else the given one; empty for an object of cluster scope. */
export function namespaceFor(
  { apiVersion, kind, object }: Manifest,
  otherwise: string,
  kinds: KindsTable,
): string {
  if (kinds.find(groupOf(apiVersion), kind)?.clusterScoped === true) return ''
  return namespaceOf(object) ?? otherwise
}

/** Judges a manifest by what holds in its namespace ({@link namespaceFor}). */
export function lintIn(
  manifest: Manifest,
  file: string,
  { policy, namespace }: InForce,
  now: Date,
): LintedManifest {
  const { apiVersion, kind, object } = manifest
  const meta = objectMeta(object)
  const place = {
    apiVersion,
    kind,
    namespace: namespace.name,
    name: meta.name ?? (meta.generateName === undefined ? '' : `${meta.generateName}...`),
  }
  const judged = { group: groupOf(apiVersion), kind, object, namespace }
  const { findings, images, exemptions } = judge(judged, policy, now)
  return {
    images,
    exemptions,
    findings: findings
      .map((finding) => ({ file, line: manifest.lineOf(finding.container.field), object: place, finding }))
      .sort((a, b) => a.line - b.line),
  }
}

/** Where it is, for a person: `Deployment/web, init container "fetch"`. Plain text. */
export function whereText({ object: { kind, name }, finding }: LintFinding): string {
  const object = plainText(name === '' ? kind : `${kind}/${name}`, MAX_OBJECT)
  return `${object}, ${containerPhrase(finding.container)}`
}

/** What is wrong and what is asked, a sentence without a stop. Plain text. */
export function whyText({ finding }: LintFinding): string {
  return `${subjectText(finding)} ${problemText(finding)}; ${actionText(finding)}`
}

/** All of it in one line. Plain text. */
export function messageText(found: LintFinding): string {
  const { finding } = found
  return `${whereText(found)}: ${subjectText(finding)} ${problemText(finding)}; ${adviceSentence(finding, occasion(found))}`
}

/** What to write, as YAML to paste, with what else to know as comments. Plain text. */
export function adviceLines(found: LintFinding, indent: string): string[] {
  const { lines, notes } = adviceFor(found.finding, occasion(found))
  const { command } = found.finding.remedy() ?? {}
  return [
    ...lines.flatMap(({ text, remarks }) => commented(text, remarks, indent)),
    ...notes
      // Where nothing better is known, what to do is all of the advice, and whyText has said it.
      .filter((note) => note !== actionText(found.finding))
      // A command is to be pasted too, so it is never broken.
      .flatMap((note) =>
        command !== undefined && note.endsWith(command) ? [`${indent}# ${note}`] : wrap(note, `${indent}# `),
      ),
  ]
}

/** Room for a kind and the longest name Kubernetes allows. */
const MAX_OBJECT = 320

/** A creation: in a file everything is new. */
function occasion({ object: { kind, name } }: LintFinding): Occasion {
  return {
    kind,
    name,
    update: false,
    podUpdate: false,
    debugging: false,
    changes: ALL_NEW,
    denies: () => false,
  }
}

/** `apps` of `apps/v1`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}

function namespaceOf({ metadata }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof metadata !== 'object' || metadata === null) return undefined
  const namespace = Object.hasOwn(metadata, 'namespace') && (metadata as { namespace: unknown }).namespace
  return typeof namespace === 'string' && namespace !== '' ? namespace : undefined
}
