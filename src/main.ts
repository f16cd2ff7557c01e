#!/usr/bin/env node
import { nodeProblem } from './cli/node-version.ts'

// Nothing else may be imported before the check: what an older Node does not know fails with a stack trace.
const problem = nodeProblem(process.versions.node)
if (problem === undefined) {
  const { run } = await import('./cli/program.ts')
  // `tallyman explain | head`: whoever reads may stop at any time, and that is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  // Whoever hears of no faults, on a full disk for one, is no reason to end.
  process.stderr.on('error', () => {})
  process.exitCode = await run(process.argv.slice(2), process)
} else {
  process.stderr.write(`tallyman: ${problem}\n`)
  process.exitCode = 2
}
