import Type, { type Static } from 'typebox'
import * as field from './fields.ts'

/** Bounds of lists: far more than a cluster has. */
const MAX_REGISTRIES = 100
const MAX_KIND_GLOBS = 100
const MAX_CONTROLLERS = 100
const MAX_WORKLOADS = 200
const MAX_PATHS = 20
/** Ten years: a longer suffix is a mistake. */
const MAX_DAYS = 3650
const MAX_MONTHS = 120

const RetentionSchema = Type.Object(
  {
    default: field.duration('How long a tag is kept after its last push, in hours or days: 24h, 7d, 1d12h.'),
    suffix: Type.Optional(
      Type.Boolean({
        description:
          'Whether a tag that ends in -7days or -2months is kept that long instead. Where absent: false.',
      }),
    ),
    maximum: Type.Optional(
      Type.Object(
        {
          days: Type.Optional(
            Type.Integer({ description: 'The most days of a suffix.', minimum: 1, maximum: MAX_DAYS }),
          ),
          months: Type.Optional(
            Type.Integer({ description: 'The most months of a suffix.', minimum: 0, maximum: MAX_MONTHS }),
          ),
        },
        {
          description:
            'The longest suffix, each counted in its own unit. Where one is absent it follows from the other, 30 days a month; where both are: 90 days and 3 months.',
        },
      ),
    ),
  },
  { description: 'How the registry deletes tags. Where absent: it keeps them.' },
)

const RegistrySchema = Type.Object(
  {
    host: field.host('The host as images name it, with its port if they do: registry.example.com.'),
    retention: Type.Optional(RetentionSchema),
    buildNumbers: Type.Optional(
      Type.Boolean({
        description:
          'Whether a tag that is a bare number (exp:42) is a build number, written once. Where absent: false, and it reads as a release line.',
      }),
    ),
  },
  { description: 'A registry and how it treats tags.' },
)

const kindGlobs = (description: string) =>
  Type.Optional(
    Type.Array(
      field.kindGlob(
        'A glob over the tag (edge-*) or, with a slash or a colon in it, over name and tag (**/postgres:1[0-9].*). It takes in latest, or no tag, only where it spells latest.',
      ),
      { description, maxItems: MAX_KIND_GLOBS },
    ),
  )

const TagKindsSchema = Type.Object(
  {
    version: kindGlobs(
      'Tags that are written once. Where absent: the products of the built-in policy whose full releases have two numbers.',
    ),
    latest: kindGlobs('Tags that are treated as latest.'),
    partial: kindGlobs('Tags that name a release line.'),
    floating: kindGlobs('Tags that move in another way.'),
  },
  { description: 'Your own kinds of tags, looked at before the built-in ones, in this order.' },
)

const WorkloadSchema = Type.Object(
  {
    group: field.group('The API group, without a version; empty for the core group.'),
    kind: field.kind('The kind as a manifest spells it.'),
    resource: field.resource('The plural name in lower case, as in a URL.'),
    longLived: Type.Optional(
      Type.Boolean({
        description:
          'Whether it runs until somebody deletes it, and so outlives an image with an expiry. Where absent: false.',
      }),
    ),
    podSpecs: Type.Optional(
      Type.Array(
        field.path(
          'The path to a pod spec: spec.template.spec, spec.steps[*].template.spec, spec.roles{*}.spec.',
        ),
        { description: 'Where its pod specs are.', minItems: 1, maxItems: MAX_PATHS },
      ),
    ),
    images: Type.Optional(
      Type.Array(
        Type.Object(
          {
            image: field.path('The path to a text that is an image: spec.image.'),
            pullPolicy: Type.Optional(field.path('The path to its pull policy: spec.imagePullPolicy.')),
          },
          { description: 'An image that is in no pod spec.' },
        ),
        { description: 'Where it names images outside a pod spec.', minItems: 1, maxItems: MAX_PATHS },
      ),
    ),
  },
  { description: 'A further kind of object that makes containers.' },
)

export const ClusterSchema = Type.Object(
  {
    namespaceOverride: Type.Optional(
      Type.Enum(['any', 'stricter', 'ignored'], {
        type: 'string',
        description:
          'What the labels tallyman.dev/mode and tallyman.dev/enforce-from of a namespace may do to the switch: anything, only make it stricter, or nothing. Where absent: any.',
      }),
    ),
    controllers: Type.Optional(
      Type.Enum(['cluster', 'builtIn'], {
        type: 'string',
        description:
          "Whose objects count as made by a controller: those of every controller that runs for the whole cluster, or of Kubernetes' own only. Where absent: cluster.",
      }),
    ),
    registries: Type.Optional(
      Type.Array(RegistrySchema, {
        description:
          'Registries that delete tags, and those that keep them, the one to recommend first. Where absent: those of the built-in policy.',
        maxItems: MAX_REGISTRIES,
      }),
    ),
    tagKinds: Type.Optional(TagKindsSchema),
    alwaysPullImages: Type.Optional(
      Type.Boolean({
        description: 'Whether the cluster runs the admission plugin AlwaysPullImages. Where absent: false.',
      }),
    ),
    trustedControllers: Type.Optional(
      Type.Array(field.user('A user name: system:serviceaccount:team-a:operator.'), {
        description:
          'Further users whose objects count as made by a controller, for example an operator in the namespace it serves.',
        maxItems: MAX_CONTROLLERS,
      }),
    ),
    workloads: Type.Optional(
      Type.Array(WorkloadSchema, {
        description: 'Further kinds of objects that make containers; one that is built in is replaced.',
        maxItems: MAX_WORKLOADS,
      }),
    ),
  },
  {
    description:
      'Facts about the cluster. Only in the policy called default; all policies take them from there.',
  },
)

export type ClusterSpec = Static<typeof ClusterSchema>
export type RegistrySpec = Static<typeof RegistrySchema>
export type TagKindsSpec = Static<typeof TagKindsSchema>
