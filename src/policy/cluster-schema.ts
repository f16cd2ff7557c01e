import type { Static } from 'typebox'
import * as field from './fields.ts'
import type { Schema } from './json-schema.ts'

/** Bounds of lists: far more than a cluster has. */
const MAX_REGISTRIES = 100
const MAX_KIND_GLOBS = 100
const MAX_CONTROLLERS = 100
const MAX_WORKLOADS = 200
const MAX_PATHS = 20
/** Ten years: a longer suffix is a mistake. */
const MAX_DAYS = 3650
const MAX_MONTHS = 120

const RetentionSchema = {
  type: 'object',
  description: 'How the registry deletes tags. Where absent: it keeps them.',
  required: ['default'],
  properties: {
    default: field.duration('How long a tag is kept after its last push, in hours or days: 24h, 7d, 1d12h.'),
    suffix: {
      type: 'boolean',
      description:
        'Whether a tag that ends in -7days or -2months is kept that long instead. Where absent: false.',
    },
    maximum: {
      type: 'object',
      description:
        'The longest suffix, each counted in its own unit. Where one is absent it follows from the other, 30 days a month; where both are: 90 days and 3 months.',
      properties: {
        days: { type: 'integer', description: 'The most days of a suffix.', minimum: 1, maximum: MAX_DAYS },
        months: {
          type: 'integer',
          description: 'The most months of a suffix.',
          minimum: 0,
          maximum: MAX_MONTHS,
        },
      },
    },
  },
  rules: [
    {
      rule: '!has(self.maximum) || (has(self.suffix) && self.suffix)',
      fieldPath: '.maximum',
      reason: 'FieldValueForbidden',
      message: 'bounds suffixes: write suffix: true beside it, or remove it',
    },
  ],
} as const satisfies Schema

const RegistrySchema = {
  type: 'object',
  description: 'A registry and how it treats tags.',
  required: ['host'],
  properties: {
    host: field.host('The host as images name it, with its port if they do: registry.example.com.'),
    retention: RetentionSchema,
    buildNumbers: {
      type: 'boolean',
      description:
        'Whether a tag that is a bare number (exp:42) is a build number, written once. Where absent: false, and it reads as a release line.',
    },
  },
} as const satisfies Schema

const kindGlobs = (description: string) =>
  ({
    type: 'array',
    description,
    items: field.kindGlob(
      'A glob over the tag (edge-*) or, with a slash or a colon in it, over name and tag (**/postgres:1[0-9].*). It takes in latest, or no tag, only where it spells latest.',
    ),
    maxItems: MAX_KIND_GLOBS,
  }) as const

const TagKindsSchema = {
  type: 'object',
  description: 'Your own kinds of tags, looked at before the built-in ones, in this order.',
  properties: {
    version: kindGlobs(
      'Tags that are written once. Where absent: the products of the built-in policy whose full releases have two numbers.',
    ),
    latest: kindGlobs('Tags that are treated as latest.'),
    partial: kindGlobs('Tags that name a release line.'),
    floating: kindGlobs('Tags that move in another way.'),
  },
} as const satisfies Schema

const WorkloadSchema = {
  type: 'object',
  description: 'A further kind of object that makes containers.',
  required: ['group', 'kind', 'resource'],
  properties: {
    group: field.group('The API group, without a version; empty for the core group.'),
    kind: field.kind('The kind as a manifest spells it.'),
    resource: field.resource('The plural name in lower case, as in a URL.'),
    longLived: {
      type: 'boolean',
      description:
        'Whether it runs until somebody deletes it, and so outlives an image with an expiry. Where absent: false.',
    },
    podSpecs: {
      type: 'array',
      description: 'Where its pod specs are.',
      items: field.path(
        'The path to a pod spec: spec.template.spec, spec.steps[*].template.spec, spec.roles{*}.spec.',
      ),
      minItems: 1,
      maxItems: MAX_PATHS,
    },
    images: {
      type: 'array',
      description: 'Where it names images outside a pod spec.',
      items: {
        type: 'object',
        description: 'An image that is in no pod spec.',
        required: ['image'],
        properties: {
          image: field.path('The path to a text that is an image: spec.image.'),
          pullPolicy: field.path('The path to its pull policy: spec.imagePullPolicy.'),
        },
      },
      minItems: 1,
      maxItems: MAX_PATHS,
    },
  },
  rules: [
    {
      rule: 'has(self.podSpecs) || has(self.images)',
      reason: 'FieldValueRequired',
      message: 'says not where its images are: give it podSpecs or images',
    },
  ],
} as const satisfies Schema

export const ClusterSchema = {
  type: 'object',
  description:
    'Facts about the cluster. Only in the policy called default; all policies take them from there.',
  properties: {
    namespaceOverride: {
      type: 'string',
      description:
        'What the labels tallyman.dev/mode and tallyman.dev/enforce-from of a namespace may do to the switch: anything, only make it stricter, or nothing. Where absent: any.',
      enum: ['any', 'stricter', 'ignored'],
    },
    controllers: {
      type: 'string',
      description:
        "Whose objects count as made by a controller: those of every controller that runs for the whole cluster, or of Kubernetes' own only. Where absent: cluster.",
      enum: ['cluster', 'builtIn'],
    },
    registries: {
      type: 'array',
      description:
        'Registries that delete tags, and those that keep them, the one to recommend first. Where absent: those of the built-in policy.',
      items: RegistrySchema,
      maxItems: MAX_REGISTRIES,
      keys: ['host'],
    },
    tagKinds: TagKindsSchema,
    alwaysPullImages: {
      type: 'boolean',
      description: 'Whether the cluster runs the admission plugin AlwaysPullImages. Where absent: false.',
    },
    trustedControllers: {
      type: 'array',
      description:
        'Further users whose objects count as made by a controller, for example an operator in the namespace it serves.',
      items: field.user('A user name: system:serviceaccount:team-a:operator.'),
      maxItems: MAX_CONTROLLERS,
    },
    workloads: {
      type: 'array',
      description:
        "Further kinds of objects that make containers; one that is built in is replaced, unless it is Kubernetes' own.",
      items: WorkloadSchema,
      maxItems: MAX_WORKLOADS,
      keys: ['group', 'kind'],
    },
  },
} as const satisfies Schema

export type ClusterSpec = Static<typeof ClusterSchema>
export type RegistrySpec = Static<typeof RegistrySchema>
export type TagKindsSpec = Static<typeof TagKindsSchema>
