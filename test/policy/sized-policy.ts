import type { TagPolicy } from '../../src/policy/schema.ts'

const EXEMPTIONS = 500

/** A TagPolicy whose spec has so many characters as JSON, nearly all of them in as many exemptions as there may be. */
export function sizedPolicy(characters: number, reason = 'r'): TagPolicy {
  const globs = Array.from({ length: 3 * EXEMPTIONS }, () => 'x')
  const exemption = (_: unknown, index: number) => ({
    name: `e${index}`,
    images: globs.slice(3 * index, 3 * index + 3),
    reason,
  })
  const spec = () => ({ mode: 'warn' as const, exemptions: Array.from({ length: EXEMPTIONS }, exemption) })
  let missing = characters - JSON.stringify(spec()).length
  for (let index = 0; missing > 0; index += 1) {
    const more = Math.min(500, missing)
    globs[index] += 'x'.repeat(more)
    missing -= more
  }
  return {
    apiVersion: 'tallyman.dev/v1alpha1',
    kind: 'TagPolicy',
    metadata: { name: 'default' },
    spec: spec(),
  }
}
