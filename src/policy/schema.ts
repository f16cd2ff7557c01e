import type { Static } from 'typebox'
import { ClusterSchema } from './cluster-schema.ts'
import * as field from './fields.ts'
import type { Schema } from './json-schema.ts'
import { DEFAULT_RULE_MODES, RULE_IDS, type RuleId } from './rule-modes.ts'

/**
 * The TagPolicy in one place: the type, the validation and the custom resource definition come from here. It keeps to
 * what a structural schema of Kubernetes can say: enums of strings, objects, lists with `maxItems`, texts with
 * `maxLength`. Objects are closed (an unknown field is a mistake) unless they say otherwise; what a text has to look
 * like beyond that is its `problem`, which a structural schema does not see.
 */

export const API_VERSION = 'tallyman.dev/v1alpha1'
export const KIND = 'TagPolicy'

/** Bounds of lists: more than a person keeps an eye on, and together small enough for an object of the API server. */
const MAX_EXEMPTIONS = 500
const MAX_NAMESPACE_MODES = 500
const MAX_GLOBS = 100

const RULES: Record<RuleId, string> = {
  latestTag: 'Images whose tag is latest, or that have none.',
  partialTag: 'Images whose tag is a release line such as 1.36, which moves to each new release of the line.',
  floatingTag: 'Images whose tag moves in another way: nightly, stable, alpine, main.',
  stalePull: 'Moving tags that are not pulled again, so that nodes run the copies they already have.',
  needlessPull: 'Fixed tags that are pulled again each time, which fails while the registry is down.',
  expiringImage: 'Images that their registry deletes while the workload still needs them.',
  invalidReference: 'Texts that are no image reference.',
  digestMissing: 'Images without a digest.',
}

const rules = Object.fromEntries(
  RULE_IDS.map((id) => [id, field.mode(`${RULES[id]} Where absent: ${DEFAULT_RULE_MODES[id]}.`)]),
) as Record<RuleId, ReturnType<typeof field.mode>>

/** At least one: an empty list would cover nothing, and reads as if it covered all. */
const globs = <Glob extends Schema>(description: string, items: Glob) =>
  ({ type: 'array', description, items, minItems: 1, maxItems: MAX_GLOBS }) as const

const NamespaceModeSchema = {
  type: 'object',
  description: 'The switch for some namespaces.',
  required: ['namespaces', 'mode'],
  properties: {
    namespaces: globs(
      'The namespaces it is for.',
      field.namespaceGlob('A glob over the names of namespaces: team-a, lab-*.'),
    ),
    mode: field.mode('The switch in these namespaces, in place of spec.mode.'),
    enforceFrom: field.day(
      'The day from which enforce denies in these namespaces; spec.enforceFrom does not count here.',
    ),
  },
} as const satisfies Schema

const ExemptionSchema = {
  type: 'object',
  description: 'Images that the rules leave alone.',
  required: ['name', 'images', 'reason'],
  properties: {
    name: field.name('Its name in logs and audit annotations. No two exemptions share one.'),
    images: globs(
      'The images it covers.',
      field.imageGlob(
        'A glob over images: vendor.example.com/agent:*, busybox. It is compared with the full name and with the name as written. Without a tag it covers any tag and digest. * stops at a slash, ** does not.',
      ),
    ),
    containers: globs(
      'The containers it covers. Where absent: all.',
      field.containerGlob('A glob over the names of containers.'),
    ),
    namespaces: globs(
      'The namespaces it covers. Where absent: all.',
      field.namespaceGlob('A glob over the names of namespaces.'),
    ),
    rules: {
      type: 'array',
      description: 'The rules it covers. Where absent: all.',
      items: { type: 'string', description: 'The id of a rule.', enum: RULE_IDS },
      minItems: 1,
      maxItems: RULE_IDS.length,
    },
    reason: field.sentence('Why, for whoever asks later.'),
    expires: field.day(
      'The last day (UTC) on which it holds, as yyyy-mm-dd. Where absent: it does not expire.',
    ),
  },
} as const satisfies Schema

export const SpecSchema = {
  type: 'object',
  description: 'What is allowed. A field that is absent has the value it has in the built-in policy.',
  properties: {
    mode: field.mode(
      'The switch: the strictest thing any rule of this policy does. enforce denies, warn lets through and tells the person, audit lets through and logs, disabled does not look. Where absent: warn.',
    ),
    enforceFrom: field.day(
      'The day as yyyy-mm-dd, beginning at 00:00 UTC, from which mode enforce denies. Until then it warns, and each warning names the day. Under any other mode it has no effect.',
    ),
    namespaceModes: {
      type: 'array',
      description:
        'Switches for some namespaces. The first one that lists a namespace is the one that holds.',
      items: NamespaceModeSchema,
      maxItems: MAX_NAMESPACE_MODES,
    },
    namespaces: globs(
      'The namespaces that may choose this policy with the label tallyman.dev/policy. Not in the policy called default, which holds wherever no other does.',
      field.namespaceGlob('A glob over the names of namespaces: team-a, lab-*.'),
    ),
    rules: {
      type: 'object',
      description:
        'The mode of each rule. It is a ceiling: what happens is the milder of this and the switch.',
      properties: rules,
    },
    ephemeralContainers: field.mode(
      'The strictest thing done to containers that kubectl debug adds: an incident is no time for a denial. Where absent: warn.',
    ),
    ownedObjects: field.mode(
      'The strictest thing done to objects that a controller makes, such as the Pods of a ReplicaSet, so that one can be replaced at night. Where absent: audit.',
    ),
    helpURL: field.url('A page of your own about image tags, named at the end of each denial.'),
    exemptions: {
      type: 'array',
      description:
        'Images that the rules leave alone. Where absent: those of the built-in policy; an empty list stands for none.',
      items: ExemptionSchema,
      maxItems: MAX_EXEMPTIONS,
      keys: ['name'],
    },
    cluster: ClusterSchema,
  },
} as const satisfies Schema

export const TagPolicySchema = {
  type: 'object',
  description: 'What tallyman says about image tags and pull policies.',
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  properties: {
    apiVersion: { type: 'string', enum: [API_VERSION] },
    kind: { type: 'string', enum: [KIND] },
    // Open: an object read from the API server carries more than its name.
    metadata: {
      type: 'object',
      required: ['name'],
      properties: {
        name: field.name(
          'The name that the label tallyman.dev/policy of a namespace chooses; default holds everywhere else.',
        ),
      },
      additionalProperties: true,
    },
    spec: SpecSchema,
    status: { type: 'object', properties: {}, additionalProperties: true },
  },
  rules: [
    {
      rule: "self.metadata.name == 'default' || !has(self.spec.cluster)",
      fieldPath: '.spec.cluster',
      reason: 'FieldValueForbidden',
      message: 'belongs in the TagPolicy "default", from which all take it: move it there',
    },
    {
      rule: "self.metadata.name != 'default' || !has(self.spec.namespaces)",
      fieldPath: '.spec.namespaces',
      reason: 'FieldValueForbidden',
      message: 'has no meaning in the TagPolicy "default", which holds wherever no other does: remove it',
    },
  ],
} as const satisfies Schema

export type TagPolicy = Static<typeof TagPolicySchema>
export type TagPolicySpec = Static<typeof SpecSchema>
export type ExemptionSpec = Static<typeof ExemptionSchema>
export type { ClusterSpec, RegistrySpec, TagKindsSpec } from './cluster-schema.ts'
