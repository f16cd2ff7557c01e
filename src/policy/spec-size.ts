import type { Checked } from './check.ts'
import type { ProblemList } from './problem-list.ts'
import type { TagPolicy } from './schema.ts'

/**
 * Bytes of a spec, as the API server writes it. A third of what etcd takes as one object (1.5 MiB, --max-request-bytes): the
 * object holds a second copy in its status, and beside them what kubectl applied last (up to 256 KiB of annotations) and
 * who manages which field (100 KiB for each manager of 500 exemptions).
 */
export const MAX_SPEC_BYTES = 512 * 1024

/** Characters that the API server writes as six bytes (encoding/json of Go). */
const ESCAPED = /[<>&\u2028\u2029]/g

/** Adds a problem where a spec would leave no room for its status, so that what was accepted could not be remembered. */
export function checkSize({ value, offsets }: Checked, problems: ProblemList): void {
  const { spec } = (value ?? {}) as Partial<TagPolicy>
  const size = sizeOf(spec)
  if (size <= MAX_SPEC_BYTES) return
  const [[largest, share] = ['', 0]] = Object.entries(spec ?? {})
    .map(([field, part]) => [field, sizeOf(part)] as const)
    .toSorted(([, one], [, other]) => other - one)
  problems.add(
    offsets.get('spec') ?? 0,
    'spec',
    `has ${shown(size)} bytes as JSON, ${shown(share)} of them in ${largest}; ${shown(MAX_SPEC_BYTES)} is the most, because its status keeps a copy: write one glob for many names, and remove what has ended`,
  )
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength((JSON.stringify(value) ?? '').replaceAll(ESCAPED, '\\u0000'))
}

function shown(count: number): string {
  return count.toLocaleString('en-US')
}
