import { isOver } from '../policy/date.ts'
import { effectiveSpec } from '../policy/effective.ts'
import { endsSoon, NOTICE_DAYS } from '../policy/exemptions.ts'
import { ENFORCE_FROM_LABEL, labelValue, MODE_LABEL, POLICY_LABEL } from '../policy/namespace-labels.ts'
import { choosePolicy, DEFAULT, type PolicySet } from '../policy/policy-set.ts'
import type { ExemptionSpec, TagPolicy } from '../policy/schema.ts'
import type { Namespace } from '../policy/switch.ts'
import { counted, naming } from './listing.ts'

/** A TagPolicy that is written. */
export interface WrittenPolicy {
  /** `TagPolicy/lab`. Plain text. */
  readonly subject: string
  readonly tagPolicy: TagPolicy
  /** The policies without the change, and with it. */
  readonly before: PolicySet
  readonly after: PolicySet
  readonly namespaces: ReadonlyMap<string, Namespace>
}

/** What its owner should know of a TagPolicy beside what it breaks, a line each. */
export function policyRemarks(written: WrittenPolicy, now: Date): string[] {
  const isDefault = written.tagPolicy.metadata.name === DEFAULT
  return [
    ...overriddenMode(written),
    ...idleDays(written),
    ...(isDefault ? [...lostLabels(written), ...newKinds(written)] : choosable(written)),
    ...exemptionRemarks(written, now),
  ]
}

function overriddenMode({ subject, after: { mode } }: WrittenPolicy): string[] {
  if (mode === undefined) return []
  return [`${subject}: tallyman runs with --mode ${mode}, which holds in place of the mode of every policy`]
}

/** Days that stay where a mode is switched back, or that somebody takes for a switch. */
function idleDays({ subject, tagPolicy: { spec } }: WrittenPolicy): string[] {
  const { mode } = effectiveSpec({ spec })
  const dated = [
    { field: 'enforceFrom', mode, day: spec.enforceFrom },
    ...(spec.namespaceModes ?? []).map(({ mode, enforceFrom }, index) => ({
      field: `namespaceModes[${index}].enforceFrom`,
      mode,
      day: enforceFrom,
    })),
  ]
  const idle = dated.filter(({ mode, day }) => mode !== 'enforce' && day !== undefined)
  if (idle.length === 0) return []
  return [
    naming(
      `${subject}: a day has no effect until the mode is enforce:`,
      idle.map(({ field, mode, day }) => `${field} ${day} (mode ${mode})`),
    ),
  ]
}

const OVERRIDES = ['any', 'stricter', 'ignored'] as const

/** Where labels of namespaces no longer do what they did. */
function lostLabels({ subject, before, after, namespaces }: WrittenPolicy): string[] {
  const { namespaceOverride } = after.facts
  const was = OVERRIDES.indexOf(before.facts.namespaceOverride)
  if (OVERRIDES.indexOf(namespaceOverride) <= was) return []
  const found = [...namespaces.values()]
  // Under --mode they had no effect before either.
  const switched = found.filter(
    ({ labels }) =>
      after.mode === undefined && (labelValue(labels, MODE_LABEL) ?? labelValue(labels, ENFORCE_FROM_LABEL)),
  )
  const left = found.filter((it) => choosePolicy(before, it).byLabel && !choosePolicy(after, it).byLabel)
  const start = `${subject}: with namespaceOverride ${namespaceOverride} the`
  const effect = namespaceOverride === 'ignored' ? 'are ignored' : 'count only where they are stricter'
  const remarks: string[] = []
  if (switched.length > 0)
    remarks.push(
      naming(
        `${start} labels ${MODE_LABEL} and ${ENFORCE_FROM_LABEL} of ${counted(switched.length, 'namespace')} ${effect}:`,
        namesOf(switched),
      ),
    )
  if (left.length > 0)
    remarks.push(
      naming(
        `${start} label ${POLICY_LABEL} of ${counted(left.length, 'namespace')} is ignored, because the TagPolicy does not list them:`,
        namesOf(left),
      ),
    )
  return remarks
}

/** Whether the namespaces that it is for can choose it, and do. */
function choosable({ subject, tagPolicy, after, namespaces }: WrittenPolicy): string[] {
  const { metadata, spec } = tagPolicy
  const { namespaceOverride } = after.facts
  const remarks: string[] = []
  if (spec.namespaces === undefined && namespaceOverride !== 'any')
    remarks.push(
      `${subject}: no namespace can choose it, because with namespaceOverride ${namespaceOverride} it has to list in spec.namespaces those that may`,
    )
  const unlisted = [...namespaces.values()].filter(
    (it) => labelValue(it.labels, POLICY_LABEL) === metadata.name && !choosePolicy(after, it).byLabel,
  )
  if (unlisted.length > 0) {
    const names = unlisted.length === 1 ? 'namespace names' : 'namespaces name'
    const them = unlisted.length === 1 ? 'it' : 'them'
    remarks.push(
      naming(
        `${subject}: ${unlisted.length} ${names} it in ${POLICY_LABEL}, but spec.namespaces does not list ${them}, so TagPolicy ${DEFAULT} holds there:`,
        namesOf(unlisted),
      ),
    )
  }
  return remarks
}

/** Further kinds pass unjudged until the API server sends them, and of that no policy can take care. */
function newKinds({ subject, before, after }: WrittenPolicy): string[] {
  const known = new Set(before.default.cluster.kinds.all.map(({ group, resource }) => `${resource}.${group}`))
  const added = after.default.cluster.kinds.all.filter(
    ({ group, resource }) => !known.has(`${resource}.${group}`),
  )
  if (added.length === 0) return []
  return [
    naming(
      `${subject}: the API server sends`,
      added.map(({ group, kind }) => (group === '' ? kind : `${kind}.${group}`)),
      ' only by a rule of the webhook configuration, which tallyman webhook-rules --policy FILE prints',
    ),
  ]
}

function exemptionRemarks({ subject, tagPolicy }: WrittenPolicy, now: Date): string[] {
  const { exemptions = [] } = tagPolicy.spec
  const expired = exemptions.filter(({ expires }) => expires !== undefined && isOver(expires, now))
  const ending = exemptions.filter((exemption) => endsSoon(exemption, now))
  const dated = (of: readonly ExemptionSpec[]) => of.map(({ name, expires }) => `${name} (${expires})`)
  const remarks: string[] = []
  if (expired.length > 0) {
    const [effect, it] =
      expired.length === 1 ? ['has expired and covers', 'it'] : ['have expired and cover', 'them']
    const start = `${subject}: ${counted(expired.length, 'exemption')} ${effect} nothing:`
    remarks.push(naming(start, dated(expired), `; remove ${it}, or set a later expires`))
  }
  if (ending.length > 0) {
    const [end, it] = ending.length === 1 ? ['ends', 'it'] : ['end', 'one']
    const start = `${subject}: ${counted(ending.length, 'exemption')} ${end} within ${NOTICE_DAYS} days:`
    remarks.push(naming(start, dated(ending), `; whoever uses ${it} is warned`))
  }
  return remarks
}

function namesOf(namespaces: readonly Namespace[]): string[] {
  return namespaces.map(({ name }) => name).sort()
}
