import type { Exemption } from '../policy/policy.ts'
import { awaitsHelm } from './awaits-helm.ts'
import { type Input, STDIN } from './inputs.ts'
import { type LintFinding, lintIn, namespaceFor } from './lint-finding.ts'
import type { LintPolicies } from './lint-policies.ts'
import type { LintReport, Unread } from './lint-report.ts'
import { type Manifests, readManifests } from './manifests.ts'

/** What came of all inputs. */
export interface Linted {
  readonly report: LintReport
  /** Of what could not be read, what only Helm can read. */
  readonly templates: readonly Unread[]
  /** How many files of directories hold no Kubernetes object. */
  readonly skipped: number
  /** How many objects were passed over, by the namespace about which the webhook is not asked. */
  readonly notAsked: ReadonlyMap<string, number>
  /** What each exemption applied to, by its name. */
  readonly exempt: ReadonlyMap<string, Use>
}

export interface Use {
  readonly exemption: Exemption
  readonly objects: number
}

export interface LintContext {
  readonly policies: LintPolicies
  /** The namespace of objects that name none. */
  readonly namespace: string
  readonly now: Date
}

const HELM = 'it is a Helm template, which only Helm can read'

/**
 * Judges all objects of some inputs.
 * @param named what a person named: such a file is expected to hold something to judge
 */
export async function lintAll(
  inputs: AsyncIterable<Input>,
  named: readonly string[],
  { policies, namespace, now }: LintContext,
): Promise<Linted> {
  const findings: LintFinding[] = []
  const unread: Unread[] = []
  const templates: Unread[] = []
  const notAsked = new Map<string, number>()
  const exempt = new Map<string, Use>()
  let objects = 0
  let images = 0
  let skipped = 0
  for await (const input of inputs) {
    const file = input.name
    if ('problem' in input) {
      unread.push({ file, message: input.problem })
      continue
    }
    const text = 'text' in input ? input.text : ''
    const read = readManifests(text)
    if (holdsNothing(read)) {
      if (file === STDIN || named.includes(file)) unread.push({ file, message: nothingIn(file, text) })
      else skipped += 1
    }
    for (const { line, message } of read.problems) unread.push({ file, line, message })
    for (const line of read.templates) templates.push({ file, line, message: HELM })
    for (const manifest of read.objects) {
      const template = awaitsHelm(manifest, policies.kinds)
      if (template !== undefined) {
        templates.push({ file, line: manifest.lineOf(template), message: HELM })
        continue
      }
      const inForce = await policies.for(namespaceFor(manifest, namespace, policies.kinds))
      const { name } = inForce.namespace
      if (!policies.judges(inForce.namespace)) {
        notAsked.set(name, (notAsked.get(name) ?? 0) + 1)
        continue
      }
      const linted = lintIn(manifest, file, inForce, now)
      objects += 1
      images += linted.images
      findings.push(...linted.findings)
      for (const exemption of linted.exemptions)
        exempt.set(exemption.name, { exemption, objects: (exempt.get(exemption.name)?.objects ?? 0) + 1 })
    }
  }
  const report = { findings, unread: [...unread, ...templates], objects, images }
  return { report, templates, skipped, notAsked, exempt }
}

function holdsNothing({ objects, problems, templates, emptyList }: Manifests): boolean {
  return objects.length + problems.length + templates.length === 0 && !emptyList
}

/** A verdict on nothing would be green wherever what writes to a pipe has failed. */
function nothingIn(file: string, text: string): string {
  if (text.trim() !== '') return 'it holds no Kubernetes object, so nothing was judged'
  return `it is empty, so nothing was judged${file === STDIN ? ': did the command before the pipe fail?' : ''}`
}
