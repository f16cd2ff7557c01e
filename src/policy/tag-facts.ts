import type { RegistryFacts, TagFacts } from '../image/tag-kind.ts'
import { hoursOf } from './duration.ts'
import { compileKindGlob } from './image-glob.ts'
import type { RegistrySpec, TagKindsSpec } from './schema.ts'

/** The guide's bounds, where a policy names neither. */
const LONGEST_SUFFIX = { days: 90, months: 3 }
/** As retention counts a month. */
const DAYS_A_MONTH = 30
/** The order in which the globs of a policy are asked. */
const KINDS = ['version', 'latest', 'partial', 'floating'] as const

/** What the classification needs to know of a policy. */
export function tagFacts(registries: readonly RegistrySpec[], tagKinds: TagKindsSpec): TagFacts {
  const byHost = new Map(registries.map((spec) => [spec.host, registryFacts(spec)]))
  const globs = KINDS.flatMap((kind) =>
    (tagKinds[kind] ?? []).map((text) => ({ kind, takes: compileKindGlob(text) })),
  )
  return {
    // A host's name has no case, and :443 is where it is asked anyway; a policy spells it in lower case.
    registry: (host) => byHost.get(host) ?? byHost.get(host.toLowerCase().replace(/:443$/, '')),
    kindByGlob: (reference) => globs.find((glob) => glob.takes(reference))?.kind,
  }
}

function registryFacts({ host, retention, buildNumbers = false }: RegistrySpec): RegistryFacts {
  if (retention === undefined) return { host, buildNumbers }
  return {
    host,
    buildNumbers,
    retention: {
      defaultHours: hoursOf(retention.default),
      suffix: retention.suffix ?? false,
      maximum: longestSuffix(retention.maximum),
    },
  }
}

/** Where a policy gives one bound only, the other follows from it. */
function longestSuffix({ days, months }: { days?: number; months?: number } = {}) {
  if (days === undefined && months === undefined) return LONGEST_SUFFIX
  return {
    days: days ?? (months as number) * DAYS_A_MONTH,
    months: months ?? Math.floor((days as number) / DAYS_A_MONTH),
  }
}
