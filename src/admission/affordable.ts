import type { PolicySet } from '../policy/policy-set.ts'

/**
 * Globs that are tried while a change waits for its answer, and with it every verdict: some 50 ms. A cluster of 10,000
 * namespaces under a policy with ten globs stays below; only a policy of a megabyte of globs is not looked at everywhere.
 */
const MAX_TRIES = 500_000

/** In how many namespaces it can be worked out, while somebody waits, what these policies say. */
export function affordable(...sets: readonly PolicySet[]): number {
  const tries = sets.map((set) => Math.max(1, ...[...set.sources.values()].map(globsOf)))
  return Math.floor(MAX_TRIES / tries.reduce((sum, each) => sum + each, 0))
}

function globsOf({ spec: { namespaces = [], namespaceModes = [] } }: { spec: GlobsInSpec }): number {
  return namespaceModes.reduce((sum, entry) => sum + entry.namespaces.length, namespaces.length)
}

interface GlobsInSpec {
  readonly namespaces?: readonly string[]
  readonly namespaceModes?: readonly { readonly namespaces: readonly string[] }[]
}
