import { wrap } from '../admission/lines.ts'
import { plainText, printableText } from '../admission/plain-text.ts'
import { unjudgedText } from '../admission/unjudged-text.ts'
import type { RefusedPolicy } from '../cluster/policies-once.ts'
import type { NamespaceOverview } from '../policy/namespace-overview.ts'
import type { ExemptionInForce, Provenance, Sourced } from '../policy/provenance.ts'
import { quoted } from '../policy/quoted.ts'
import type { RegistrySpec } from '../policy/schema.ts'
import { counted } from './lint-report.ts'
import { refusedTexts } from './refused-text.ts'
import { row } from './rows.ts'
import type { Paint } from './terminal.ts'

/** What `policy show` says; its JSON and YAML are this. Texts come from the cluster and are not trustworthy. */
export interface PolicyShown extends Provenance {
  /** Null for the cluster as a whole. */
  readonly namespace: string | null
  /** Set where the API server does not ask tallyman about what is in the namespace, so that nothing of this has an effect. */
  readonly judged?: false
  /** The other policies of the cluster, and the namespaces that they are for; absent for a namespace. */
  readonly others?: readonly { readonly name: string; readonly namespaces?: readonly string[] }[]
  /** What holds in each namespace; absent for a namespace, and where namespaces may not be read. */
  readonly namespaces?: NamespaceOverview
  /** The namespaces of which the same is true; absent where `namespaces` is. */
  readonly unjudged?: readonly string[]
  /** TagPolicies that are refused as they stand, and why. */
  readonly refused: readonly RefusedPolicy[]
}

/** Where values begin under a heading of its own; the longest name is that of trustedControllers. */
const FACT_COLUMN = 22

/** As many names of namespaces as fit into two lines, and as many of their labels as a person mends before the next look. */
const SHOWN_NAMESPACES = 12
const SHOWN_LABELS = 10

/** For a person at a terminal of 100 columns. @param what a heading: `Namespace team-a` */
export function policyText(what: string, shown: PolicyShown, paint: Paint): string {
  const heading = paint('bold', plainText(what))
  const { judged, namespace } = shown
  if (judged === false) return [heading, ...wrap(unjudgedText(quoted(namespace ?? '')), '  '), ''].join('\n')
  const blocks = [
    [heading, ...held(shown, paint)],
    rules(shown, paint),
    namespaces(shown, paint),
    exemptions(shown, paint),
    facts(shown, paint),
    refusals(shown, paint),
  ]
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function held(
  { mode, policy, ephemeralContainers, ownedObjects, helpURL, ignored }: PolicyShown,
  paint: Paint,
) {
  return [
    ...row('mode', `${modeText(mode)} (${mode.from})`, paint),
    ...row('policy', `${policy.value} (${policy.from})`, paint),
    ...ignored.flatMap((why) => row('ignored', why, paint)),
    ...row(
      'debugging',
      `at most ${ephemeralContainers.value} for kubectl debug (${ephemeralContainers.from})`,
      paint,
    ),
    ...row(
      'owned',
      `at most ${ownedObjects.value} for what a controller makes (${ownedObjects.from})`,
      paint,
    ),
    ...(helpURL === undefined ? [] : row('help', `${helpURL.value} (${helpURL.from})`, paint)),
  ]
}

/** `warn, from 2026-12-07 enforce` */
function modeText({ value, deniedFrom }: { value: string; deniedFrom?: string }): string {
  return deniedFrom === undefined ? value : `${value}, from ${deniedFrom} enforce`
}

/** What each rule does: the milder of its own mode, `at most`, and the switch. */
function rules({ rules, mode: { deniedFrom } }: PolicyShown, paint: Paint): string[] {
  const columns = (id: string, today: string, later: string | undefined, atMost: string, from: string) =>
    [
      `  ${id.padEnd(18)}`,
      today.padEnd(10),
      later === undefined ? '' : later.padEnd(17),
      atMost.padEnd(10),
      plainText(from),
    ].join('')
  const heading = columns('', 'today', deniedFrom && `from ${deniedFrom}`, 'at most', 'set by')
  return [
    paint('bold', `Rules${heading.slice('Rules'.length)}`),
    ...Object.entries(rules).map(([id, { today, later, atMost, from }]) =>
      columns(id, today, later, atMost, from),
    ),
  ]
}

function namespaces({ others = [], namespaces, unjudged = [] }: PolicyShown, paint: Paint): string[] {
  if (namespaces === undefined) return []
  const { groups, ignored } = namespaces
  const used = new Set(groups.map(({ policy }) => policy))
  const unused = others.filter(({ name }) => !used.has(name))
  return [
    paint('bold', 'Namespaces'),
    ...groups.flatMap((group) => [
      ...wrap(
        plainText(
          `${modeText({ ...group, value: group.mode })}: ${counted(group.namespaces.length, 'namespace')} with ${group.policy} (${group.from})`,
        ),
        '  ',
      ),
      ...wrap(plainText(firstOf(group.namespaces, SHOWN_NAMESPACES)), '      '),
    ]),
    ...(unjudged.length === 0
      ? []
      : [
          ...wrap(unjudgedText(counted(unjudged.length, 'namespace')), '  '),
          ...wrap(plainText(firstOf(unjudged, SHOWN_NAMESPACES)), '      '),
        ]),
    ...unused.flatMap(({ name, namespaces: globs }) =>
      wrap(
        plainText(
          `no namespace has TagPolicy ${name}${globs === undefined ? '' : `, which is for ${globs.join(', ')}`}`,
        ),
        '  ',
      ),
    ),
    ...ignored
      .slice(0, SHOWN_LABELS)
      .flatMap(({ namespace, why }) => wrap(plainText(`${namespace}: ${why}`), '  ')),
    ...(ignored.length > SHOWN_LABELS
      ? [`  and ${ignored.length - SHOWN_LABELS} more labels that are ignored`]
      : []),
  ]
}

function firstOf(names: readonly string[], count: number): string {
  const more = names.length - count
  return `${names.slice(0, count).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function exemptions({ exemptions: { value, from, elsewhere } }: PolicyShown, paint: Paint): string[] {
  const heading = paint('bold', `Exemptions (${plainText(from)})`)
  const others = elsewhere === 0 ? [] : [`  and ${elsewhere} for other namespaces`]
  if (value.length + elsewhere === 0) return [heading, '  none']
  return [heading, ...value.flatMap((exemption) => exemptionLines(exemption, paint)), ...others]
}

function exemptionLines(exemption: ExemptionInForce, paint: Paint): string[] {
  const { name, images, containers, namespaces, rules, reason } = exemption
  const only = (noun: string, list: readonly string[] | undefined) =>
    list === undefined ? [] : [`${noun} ${list.join(', ')}`]
  const covers = [
    images.join(', '),
    ...only('container', containers),
    ...only('namespace', namespaces),
    ...only('rule', rules),
  ].join('; ')
  return [
    `  ${plainText(name)}: ${validity(exemption, paint)}`,
    ...wrap(plainText(covers), '      '),
    ...wrap(printableText(reason.trim()), '      '),
  ]
}

function validity({ expires, daysLeft }: ExemptionInForce, paint: Paint): string {
  if (expires === undefined || daysLeft === undefined) return 'does not expire'
  if (daysLeft < 0) return paint('red', `void, it expired with ${expires}`)
  if (daysLeft === 0) return paint('yellow', `${expires}, today, is its last day`)
  return `${counted(daysLeft, 'day')} left, until the end of ${expires} (UTC)`
}

function facts({ cluster }: PolicyShown, paint: Paint): string[] {
  const { namespaceOverride, controllers, registries, alwaysPullImages, tagKinds } = cluster
  const { trustedControllers, workloads } = cluster
  const fact = (name: string, text: string, { from }: Sourced<unknown>) =>
    row(name, `${text} (${from})`, paint, FACT_COLUMN)
  const list = (texts: readonly string[] | undefined) => (texts?.length ? texts.join(', ') : 'none')
  return [
    paint('bold', 'The cluster'),
    ...fact('namespaceOverride', String(namespaceOverride.value), namespaceOverride),
    ...fact('controllers', String(controllers.value), controllers),
    ...fact('trustedControllers', list(trustedControllers.value), trustedControllers),
    ...fact('alwaysPullImages', String(alwaysPullImages.value), alwaysPullImages),
    ...fact('registries', list(registries.value?.map(registryText)), registries),
    ...Object.entries(tagKinds).flatMap(([kind, globs]) =>
      fact(`tagKinds.${kind}`, list(globs.value), globs),
    ),
    ...fact(
      'workloads',
      list(workloads.value?.map(({ group, kind }) => (group === '' ? kind : `${kind}.${group}`))),
      workloads,
    ),
  ]
}

function registryText({ host, retention, buildNumbers }: RegistrySpec): string {
  const keeps = retention === undefined ? 'keeps images' : `deletes tags after ${retention.default}`
  return `${host} ${keeps}${buildNumbers ? ' and has build numbers' : ''}`
}

function refusals({ refused }: PolicyShown, paint: Paint): string[] {
  return refused.flatMap((policy, index) => [
    ...(index === 0 ? [paint('bold', 'Refused')] : []),
    ...refusedTexts(policy).flatMap((text) => wrap(plainText(text), '  ')),
  ])
}
