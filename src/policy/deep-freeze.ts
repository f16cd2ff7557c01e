/** Freezes a value and all that it holds. */
export function deepFreeze<T>(value: T, seen = new Set<unknown>()): T {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value))
    return value
  seen.add(value)
  Object.freeze(value)
  for (const part of Object.values(value)) deepFreeze(part, seen)
  return value
}
