/** The oldest Node that tallyman runs on; `engines` in package.json says the same. */
const OLDEST = { major: 22, minor: 19 }

/** What is wrong with a version of Node (`20.11.1`), or undefined where it will do. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return undefined
  return `needs Node ${OLDEST.major}.${OLDEST.minor} or newer, and this is ${version}. Install a newer one, or put the one of the npm package "node" first: npx -p node@26 -p tallyman tallyman`
}
