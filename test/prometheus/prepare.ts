/** Fetches Prometheus unless it is there, and prints where it is. Where it cannot be had, that is said, and its tests skip. */
import { dirname } from 'node:path'
import { Interrupted, onInterrupt } from '../control-plane/interrupt.ts'
import { screen } from '../control-plane/screen.ts'
import { settings } from '../control-plane/settings.ts'
import { NO_PROMETHEUS, prometheusPrograms } from './programs.ts'

try {
  const { cache } = settings(process.env)
  const programs = await prometheusPrograms(cache, process.env.PATH ?? '', screen, onInterrupt())
  if (programs === undefined) screen.write(`${NO_PROMETHEUS} The tests of the alerts are skipped.\n`)
  else console.log(dirname(programs.prometheus))
} catch (error) {
  if (!(error instanceof Interrupted)) console.error((error as Error).message)
  process.exitCode = error instanceof Interrupted ? error.exitCode : 1
}
