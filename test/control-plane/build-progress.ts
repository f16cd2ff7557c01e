/** A log gets ten lines, not two thousand. */
const STEP_PERCENT = 10

/**
 * Turns what `go build -v` prints (each package's path as it is compiled, downloads, and errors) into progress.
 * Packages that Go's own cache has are not printed, so a percentage is a lower bound of what is done.
 */
export class BuildProgress {
  readonly #packages: number
  #compiled = 0
  #downloaded = 0
  #announced = 0
  #partial = ''
  #other: string[] = []

  /** @param packages how many there are in all (`go list -deps`) */
  constructor(packages: number) {
    this.#packages = packages
  }

  /** Takes output, in pieces of any size. */
  take(text: string): void {
    const lines = (this.#partial + text).split('\n')
    this.#partial = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith('go: downloading ')) this.#downloaded += 1
      else if (/^[\w.~-]+(\/[\w.~-]+)*$/.test(line)) this.#compiled += 1
      else if (line.trim() !== '') this.#other.push(line)
    }
  }

  /** For a terminal, where each line replaces the last. */
  get line(): string {
    if (this.#compiled === 0 && this.#downloaded > 0) return `${this.#downloaded} modules downloaded`
    return `${this.#compiled} of at most ${this.#packages} packages compiled`
  }

  /** For a log: a line at each further tenth, else nothing. */
  get milestone(): string | undefined {
    const percent = Math.floor((this.#compiled * 100) / this.#packages / STEP_PERCENT) * STEP_PERCENT
    if (percent <= this.#announced) return undefined
    this.#announced = percent
    return this.line
  }

  /** What Go said besides: why it failed. */
  get complaints(): readonly string[] {
    return this.#partial.trim() === '' ? this.#other : [...this.#other, this.#partial]
  }
}
