import { tmpdir } from 'node:os'
import { ControlPlane, type ControlPlaneOptions } from './control-plane.ts'
import { explained } from './log-hints.ts'
import { ServerFailure } from './readiness.ts'

/** How often a boot is tried again because another process took a port between our choice and its use. */
const PORT_TRIES = 3

/** Boots a control plane and waits until its users can work. @throws Error that says what a server said last */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  for (let tries = PORT_TRIES; ; tries -= 1) {
    const controlPlane = await ControlPlane.begin(options).catch(async (error: Error) => {
      options.signal.throwIfAborted()
      throw new Error(await explained(error.message, tmpdir()))
    })
    try {
      await controlPlane.boot()
      return controlPlane
    } catch (error) {
      const aborted = options.signal.aborted
      const again = error instanceof ServerFailure && error.portWasTaken && tries > 1
      // Before it stops, which makes room.
      const message = await explained((error as Error).message, controlPlane.folder)
      const kept = await controlPlane.stop({ keepLogs: !aborted && !again })
      options.signal.throwIfAborted()
      if (again) continue
      throw new Error(kept === undefined ? message : `${message}\nIts logs are kept in ${kept}`)
    }
  }
}
