import { ApiError, type Page } from './api.ts'

/** A page as the API server answers it. */
export interface ListPage extends Page {
  /** Asks for the page after it; undefined where it is the last. */
  readonly next: string | undefined
}

/** @param path for the message @throws ApiError where the answer is no list */
export function pageOf(answer: unknown, path: string): ListPage {
  const { metadata, items } = (answer ?? {}) as {
    readonly metadata?: { resourceVersion?: unknown; continue?: unknown; remainingItemCount?: unknown } | null
    readonly items?: unknown
  }
  const { resourceVersion, continue: next, remainingItemCount: remaining } = metadata ?? {}
  if (typeof resourceVersion !== 'string' || resourceVersion === '' || !isObjects(items))
    throw new ApiError(`${path}: the answer is no list`, 200, '')
  return {
    items,
    resourceVersion,
    next: typeof next === 'string' && next !== '' ? next : undefined,
    ...(typeof remaining === 'number' && { remaining }),
  }
}

function isObjects(items: unknown): items is readonly object[] {
  return Array.isArray(items) && items.every((item) => typeof item === 'object' && item !== null)
}
