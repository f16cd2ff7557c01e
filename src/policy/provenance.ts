import { daysLeft } from './date.ts'
import { effectiveSpec } from './effective.ts'
import { type Mode, milder } from './mode.ts'
import { POLICY_LABEL } from './namespace-labels.ts'
import type { Policy, PolicyDate } from './policy.ts'
import { type Chosen, choosePolicy, DEFAULT, type PolicySet } from './policy-set.ts'
import { RULE_IDS, type RuleId } from './rule-modes.ts'
import type { ClusterSpec, ExemptionSpec, TagKindsSpec, TagPolicy, TagPolicySpec } from './schema.ts'
import { type Namespace, switchFor } from './switch.ts'

/** A value and where it comes from: `built-in`, `TagPolicy lab`, `TagPolicy default, namespaceModes[1]`, `label tallyman.dev/mode`. */
export interface Sourced<Value> {
  readonly value: Value
  readonly from: string
}

/** What a rule does. */
export interface RuleInForce {
  /** The milder of its own mode and the switch. */
  readonly today: Mode
  /** From the day on that the switch names; undefined where it names none. */
  readonly later?: Mode
  /** Its own mode, the strictest that it ever has. */
  readonly atMost: Mode
  /** Where its own mode comes from. */
  readonly from: string
}

/** An exemption as it is written, and for how long it holds. */
export interface ExemptionInForce extends ExemptionSpec {
  /** Days after today on which it still holds; 0 on its last day, negative once it is void; undefined where it does not expire. */
  readonly daysLeft?: number
}

/** Which policy holds in a namespace, and with which switch. */
export interface Held {
  /** The name of the policy, and why it is this one. */
  readonly policy: Sourced<string>
  /** The switch as it is today, and the day from which it is enforce where that is still to come. */
  readonly mode: Sourced<Mode> & { readonly deniedFrom?: PolicyDate }
  /** Labels that are ignored and why, a sentence each. */
  readonly ignored: readonly string[]
}

/** What holds in a namespace, or in the cluster wherever no namespace says otherwise, each value with its origin. */
export interface Provenance extends Held {
  readonly rules: Readonly<Record<RuleId, RuleInForce>>
  readonly ephemeralContainers: Sourced<Mode>
  readonly ownedObjects: Sourced<Mode>
  readonly helpURL?: Sourced<string>
  /** Those that can apply there. */
  readonly exemptions: Sourced<readonly ExemptionInForce[]> & {
    /** How many are for other namespaces. */
    readonly elsewhere: number
  }
  readonly cluster: { readonly [Key in keyof Omit<ClusterSpec, 'tagKinds'>]-?: Sourced<ClusterSpec[Key]> } & {
    readonly tagKinds: {
      readonly [Key in keyof TagKindsSpec]-?: Sourced<NonNullable<TagKindsSpec[Key]>>
    }
  }
}

const BUILT_IN = 'built-in'
/** That of no namespace: what holds where none says otherwise. */
const NOWHERE: Namespace = { name: '', labels: {} }

/** Says which policy holds in a namespace, with which switch, and why. */
export function heldIn(set: PolicySet, namespace: Namespace, now: Date): Held {
  const chosen = choosePolicy(set, namespace)
  const source = sourceOf(set, chosen)
  const { mode, deniedFrom, source: place, problems } = switchFor(chosen.policy, namespace, now)
  return {
    policy: { value: chosen.policy.name, from: whyThis(chosen, source) },
    mode: { value: mode, from: switchOrigin(place, source), ...(deniedFrom && { deniedFrom }) },
    ignored: [...(chosen.problem === undefined ? [] : [chosen.problem]), ...problems],
  }
}

/** Says what holds and why. @param namespace undefined for the cluster as a whole */
export function provenanceOf(set: PolicySet, namespace: Namespace | undefined, now: Date): Provenance {
  const chosen = choosePolicy(set, namespace ?? NOWHERE)
  const { policy } = chosen
  const source = sourceOf(set, chosen)
  const held = heldIn(set, namespace ?? NOWHERE, now)
  const written: TagPolicySpec = source?.spec ?? {}
  const spec = effectiveSpec({ spec: written })
  const from = (says: boolean) => (says && source !== undefined ? nameOf(source) : BUILT_IN)
  const sourced = <Key extends keyof TagPolicySpec>(field: Key) => ({
    value: spec[field],
    from: from(Object.hasOwn(written, field)),
  })
  return {
    ...held,
    rules: rulesOf(policy, held.mode, (id) => from(Object.hasOwn(written.rules ?? {}, id))),
    ephemeralContainers: sourced('ephemeralContainers') as Sourced<Mode>,
    ownedObjects: sourced('ownedObjects') as Sourced<Mode>,
    ...(spec.helpURL !== undefined && { helpURL: sourced('helpURL') as Sourced<string> }),
    exemptions: {
      ...exemptionsOf(policy, spec.exemptions, namespace, now),
      from: sourced('exemptions').from,
    },
    cluster: clusterOf(set),
  }
}

/** What a chosen policy was compiled from; undefined where that is the built-in one. */
function sourceOf(set: PolicySet, { policy, byLabel }: Chosen): TagPolicy | undefined {
  return set.sources.get(byLabel ? policy.name : DEFAULT)
}

function nameOf({ metadata }: TagPolicy): string {
  return `TagPolicy ${metadata.name}`
}

function whyThis({ byLabel }: Chosen, source: TagPolicy | undefined): string {
  if (byLabel) return `label ${POLICY_LABEL}`
  return source === undefined ? BUILT_IN : nameOf(source)
}

function switchOrigin(place: string, source: TagPolicy | undefined): string {
  if (place.startsWith('label ')) return place
  if (source === undefined || (place === 'mode' && source.spec.mode === undefined)) return BUILT_IN
  return `${nameOf(source)}, ${place}`
}

function rulesOf(
  policy: Policy,
  { value: mode, deniedFrom }: Held['mode'],
  from: (id: RuleId) => string,
): Record<RuleId, RuleInForce> {
  const inForce = (id: RuleId): RuleInForce => ({
    today: milder(policy.rules[id], mode),
    ...(deniedFrom && { later: policy.rules[id] }),
    atMost: policy.rules[id],
    from: from(id),
  })
  return Object.fromEntries(RULE_IDS.map((id) => [id, inForce(id)])) as Record<RuleId, RuleInForce>
}

function exemptionsOf(
  policy: Policy,
  specs: readonly ExemptionSpec[],
  namespace: Namespace | undefined,
  now: Date,
): { value: ExemptionInForce[]; elsewhere: number } {
  const value = specs
    .filter(
      (_spec, index) => namespace === undefined || policy.exemptions[index]?.matchesNamespace(namespace.name),
    )
    .map((spec) => ({ ...spec, ...(spec.expires && { daysLeft: daysLeft(spec.expires, now) }) }))
  return { value, elsewhere: specs.length - value.length }
}

/** The facts about the cluster come from the default policy, whichever one a namespace has. */
function clusterOf(set: PolicySet): Provenance['cluster'] {
  const source = set.sources.get(DEFAULT)
  const written: ClusterSpec = source?.spec.cluster ?? {}
  const { tagKinds, ...rest } = effectiveSpec({ spec: source?.spec ?? {} }).cluster
  const from = (says: boolean) => (says && source !== undefined ? nameOf(source) : BUILT_IN)
  const kinds = Object.entries(tagKinds).map(([kind, value]) => [
    kind,
    { value, from: from(Object.hasOwn(written.tagKinds ?? {}, kind)) },
  ])
  const facts = Object.entries(rest).map(([field, value]) => [
    field,
    { value, from: from(Object.hasOwn(written, field)) },
  ])
  return { ...Object.fromEntries(facts), tagKinds: Object.fromEntries(kinds) }
}
