/** Builds the control plane's programs unless they are there, and prints the folder that holds them. */
import { binaries } from './binaries.ts'
import { Interrupted, onInterrupt } from './interrupt.ts'
import { screen } from './screen.ts'
import { settings } from './settings.ts'

try {
  const { folder } = await binaries(settings(process.env), process.env, screen, onInterrupt())
  console.log(folder)
} catch (error) {
  if (!(error instanceof Interrupted)) console.error((error as Error).message)
  process.exitCode = error instanceof Interrupted ? error.exitCode : 1
}
