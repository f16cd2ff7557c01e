import type { Named } from './ownership.ts'

/** Objects whose makers are remembered, of 200 bytes each. Of more, the Pods are told by their nearest owner. */
const MAX_REMEMBERED = 20_000

/** A Knative Service makes a Configuration, that a Revision, that a Deployment; nothing that is known makes longer chains. */
const MAX_STEPS = 8

/** What made what, so that a Pod of a Job of a CronJob is known to be the CronJob's. */
export class Makers {
  readonly #makers = new Map<string, Named>()

  remember(namespace: string, made: Named, maker: Named): void {
    if (this.#makers.size < MAX_REMEMBERED) this.#makers.set(objectKey(namespace, made), maker)
  }

  /** What people edit so that this object is made otherwise: what made it, or what made that, as far as is known. */
  firstOf(namespace: string, object: Named): Named {
    let first = object
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const maker = this.#makers.get(objectKey(namespace, first))
      if (maker === undefined) break
      first = maker
    }
    return first
  }
}

/** Tells objects apart. */
export function objectKey(namespace: string, { group, kind, name }: Named): string {
  return `${namespace}/${group}/${kind}/${name}`
}
