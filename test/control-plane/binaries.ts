import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import { build, type Screen } from './build.ts'
import { controlPlaneBundle, helmBundle } from './bundle.ts'
import { PROGRAMS, type Program } from './go-build.ts'
import { release } from './releases.ts'
import type { Settings } from './settings.ts'

/** The paths of the programs of a control plane. envtest's folders have no kube-controller-manager. */
export type Binaries = Readonly<Record<Exclude<Program, 'kube-controller-manager'>, string>> & {
  readonly folder: string
  readonly 'kube-controller-manager'?: string
}

/** Finds the programs: in `KUBEBUILDER_ASSETS` where it is set, else in the cache, built if need be. */
export async function binaries(
  { assets, minor, cache }: Settings,
  environment: Readonly<Record<string, string | undefined>>,
  screen: Screen,
  signal: AbortSignal,
): Promise<Binaries> {
  if (assets !== undefined) {
    const asked = environment.KUBERNETES?.trim()
    if (asked)
      screen.write(`KUBERNETES=${asked} is ignored: KUBEBUILDER_ASSETS=${assets} holds what is used.\n`)
    return await fromAssets(assets)
  }
  const bundle = controlPlaneBundle(release(minor))
  const folder = await build(bundle, cache, setVariables(environment), screen, signal)
  return programsIn(folder, PROGRAMS)
}

/**
 * Finds Helm: in `KUBEBUILDER_ASSETS` where it is set, else in the cache, built if need be.
 * @returns its path; undefined where that folder has none
 */
export async function helmBinary(
  { assets, cache }: Settings,
  environment: Readonly<Record<string, string | undefined>>,
  screen: Screen,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (assets !== undefined) {
    const path = join(assets, 'helm')
    return (await isExecutable(path)) ? path : undefined
  }
  return join(await build(helmBundle(), cache, setVariables(environment), screen, signal), 'helm')
}

function setVariables(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const set = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(set)
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

async function fromAssets(folder: string): Promise<Binaries> {
  const found: Program[] = []
  for (const program of PROGRAMS) {
    if (await isExecutable(join(folder, program))) found.push(program)
  }
  const missing = PROGRAMS.filter((name) => name !== 'kube-controller-manager' && !found.includes(name))
  if (missing.length > 0) {
    throw new Error(
      `KUBEBUILDER_ASSETS=${folder} lacks ${missing.join(', ')}. It should name a folder with kube-apiserver, kubectl and etcd; without it they are built.`,
    )
  }
  return programsIn(folder, found)
}

function programsIn(folder: string, programs: readonly Program[]): Binaries {
  const paths = Object.fromEntries(programs.map((program) => [program, join(folder, program)]))
  return { ...(paths as Record<Program, string>), folder }
}

/** The path of a program. @throws Error that says how to come by the one that envtest's folders lack */
export function pathOf(binaries: Binaries, program: Program): string {
  const path = binaries[program]
  if (path !== undefined) return path
  throw new Error(
    `KUBEBUILDER_ASSETS=${binaries.folder} has no ${program}: unset it to have one built, or do without controllers (--controllers none)`,
  )
}
