import { effectiveSpec } from './effective.ts'
import type { Policy } from './policy.ts'
import type { TagPolicy } from './schema.ts'

/** Globs that are tried in one step, besides those of the exemption with which it ends: some 10 µs. */
const TRIES_A_STEP = 100

/**
 * Globs that are tried in all, in steps: some half a second. A policy of 400 exemptions with five globs each, none of which
 * takes in one of 10,000 namespaces, stays below.
 */
export const MAX_TRIES = 20_000_000

/**
 * Looks for the exemptions of a policy that cover none of the namespaces in which it holds, in steps. Those that are not
 * looked at, because all before took too many tries, are not among them; the count is the same in all replicas.
 * @param tagPolicy what the policy was compiled from
 * @param held the names of those namespaces, in an order that all replicas have
 * @returns the names of the exemptions
 */
export function* unmatchedExemptions(
  policy: Pick<Policy, 'exemptions'>,
  tagPolicy: Pick<TagPolicy, 'spec'>,
  held: readonly string[],
): Generator<undefined, readonly string[]> {
  const specs = effectiveSpec(tagPolicy).exemptions
  const unmatched: string[] = []
  let tries = 0
  let step = 0
  for (const [index, { name, matchesNamespace }] of policy.exemptions.entries()) {
    const globs = specs[index]?.namespaces?.length ?? 1
    let matched = false
    for (const namespace of held) {
      if (tries + globs > MAX_TRIES) return unmatched
      tries += globs
      step += globs
      matched = matchesNamespace(namespace)
      if (matched) break
      if (step < TRIES_A_STEP) continue
      step = 0
      yield
    }
    if (!matched) unmatched.push(name)
  }
  return unmatched
}
