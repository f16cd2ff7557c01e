/** Values beside the bars that they are held to. */
export class Bars {
  readonly #missed: string[] = []

  /** What missed its bar, a phrase each. */
  get missed(): readonly string[] {
    return this.#missed
  }

  /**
   * Says a value and its bar, and remembers where it is above: `1.13 s (bar 2 s)`.
   * @param what is measured, for the list of what missed
   */
  hold(what: string, value: number, bar: number, unit: string): string {
    const said = `${shown(value)} ${unit} (bar ${bar} ${unit})`
    // Also where it is no number: nothing was measured.
    if (!(value <= bar)) this.#missed.push(`${what}: ${said}`)
    return said
  }
}

/** Three digits that count. */
function shown(value: number): string {
  return value < 100 ? value.toPrecision(3) : value.toFixed(0)
}
