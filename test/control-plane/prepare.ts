/** Builds the control plane's programs and Helm unless they are there, and prints the folder of the former. */
import { binaries, helmBinary } from './binaries.ts'
import { Interrupted, onInterrupt } from './interrupt.ts'
import { screen } from './screen.ts'
import { settings } from './settings.ts'

try {
  const [chosen, signal] = [settings(process.env), onInterrupt()]
  const { folder } = await binaries(chosen, process.env, screen, signal)
  await helmBinary(chosen, process.env, screen, signal)
  console.log(folder)
} catch (error) {
  if (!(error instanceof Interrupted)) console.error((error as Error).message)
  process.exitCode = error instanceof Interrupted ? error.exitCode : 1
}
