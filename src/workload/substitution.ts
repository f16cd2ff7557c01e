import type { Container } from './container.ts'
import type { WorkloadKind } from './kinds.ts'

/** How each kind's own syntax opens and closes a placeholder. */
const SYNTAX = { tekton: ['$(', ')'], argo: ['{{', '}}'] } as const

/**
 * Whether a container's image or pull policy is filled in only when its Pod is made: `$(params.image)`,
 * `{{inputs.parameters.image}}`. Judging it here would judge the placeholder; the Pod shows the value.
 */
export function holdsPlaceholder(
  substitution: WorkloadKind['substitution'],
  { image, pullPolicy }: Pick<Container, 'image' | 'pullPolicy'>,
): boolean {
  if (substitution === undefined) return false
  const [open, close] = SYNTAX[substitution]
  return [image, pullPolicy].some((text) => {
    const at = text?.indexOf(open) ?? -1
    return at >= 0 && text?.indexOf(close, at + open.length) !== -1
  })
}
