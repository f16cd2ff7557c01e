import type { Screen } from './build.ts'

/** Progress goes to the standard error output, which leaves the other to results. */
export const screen: Screen = {
  terminal: process.stderr.isTTY === true,
  write: (text) => void process.stderr.write(text),
}
