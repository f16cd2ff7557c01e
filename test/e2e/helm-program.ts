import { helmBinary } from '../control-plane/binaries.ts'
import { screen } from '../control-plane/screen.ts'
import { settings } from '../control-plane/settings.ts'
import { signal } from './programs.ts'

/** Helm, built by now (`make e2e` does it before the tests' clocks start); undefined where KUBEBUILDER_ASSETS has none. */
export const helmProgram: string | undefined = await helmBinary(
  settings(process.env),
  process.env,
  screen,
  signal,
)

/** A reason to skip a test that needs Helm, or false. */
export const noHelm: string | false = helmProgram === undefined && 'KUBEBUILDER_ASSETS has no helm'
