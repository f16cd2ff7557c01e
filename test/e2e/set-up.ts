import type { Test } from 'tap'
import type { ControlPlane, ControlPlaneOptions } from '../control-plane/control-plane.ts'
import type { UserName } from '../control-plane/users.ts'
import { boot } from './boot.ts'
import { Installation, type InstallOptions } from './installation.ts'
import { type Kubectl, kubectl } from './kubectl.ts'
import { programs, signal } from './programs.ts'

/** A cluster with tallyman in it, and its users' kubectl. */
export interface SetUp {
  readonly controlPlane: ControlPlane
  readonly tallyman: Installation
  /** kubectl as somebody: `submitter` acts in team-a where a command names no namespace. */
  as(user: UserName | (string & {})): Kubectl
}

/**
 * Boots a control plane and installs tallyman into it, for the time of a test:
 *
 *     const { as } = await setUp(t, { policy: ENFORCE })
 *     t.same(await as('submitter')(['apply', '-f', '-'], pod), { code: 0, stdout: 'pod/a created\n', stderr: '' })
 */
export async function setUp(
  t: Test,
  {
    controllers,
    ...options
  }: Omit<InstallOptions, 'controlPlane' | 'kubectl' | 'signal'> &
    Partial<Pick<ControlPlaneOptions, 'controllers'>> = {},
): Promise<SetUp> {
  const controlPlane = await boot(t, controllers)
  const tallyman = await Installation.install({ controlPlane, kubectl: programs.kubectl, signal, ...options })
  return {
    controlPlane,
    tallyman,
    as: (user) => kubectl(programs.kubectl, controlPlane.login(user).kubeconfig),
  }
}
