import type { Test } from 'tap'
import type { ControlPlane, ControlPlaneOptions } from '../control-plane/control-plane.ts'
import { startControlPlane } from '../control-plane/start-control-plane.ts'
import { logs, programs, signal } from './programs.ts'

/** Boots a control plane that ends with the test; the logs are kept where the test fails. */
export async function boot(
  t: Test,
  controllers: ControlPlaneOptions['controllers'] = 'none',
): Promise<ControlPlane> {
  const controlPlane = await startControlPlane({ binaries: programs, logs, controllers, signal })
  t.teardown(() => controlPlane.stop({ keepLogs: !t.passing() }))
  return controlPlane
}
