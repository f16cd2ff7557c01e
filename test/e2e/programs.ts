import { join } from 'node:path'
import { binaries } from '../control-plane/binaries.ts'
import { onInterrupt } from '../control-plane/interrupt.ts'
import { screen } from '../control-plane/screen.ts'
import { settings } from '../control-plane/settings.ts'

const chosen = settings(process.env)

/** Aborted by Ctrl-C, which ends every control plane of this process. */
export const signal: AbortSignal = onInterrupt()

/** What a control plane runs, and kubectl; built by now (`make e2e` does it before the tests' clocks start). */
export const programs = await binaries(chosen, process.env, screen, signal)

/** Takes the logs of runs that failed. */
export const logs = join(chosen.cache, 'logs')

/** A reason to skip a test that needs controllers, or false. */
export const noControllers: string | false =
  programs['kube-controller-manager'] === undefined && 'these programs have no controller manager'
