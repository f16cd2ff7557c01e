import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { DEFAULT_MINOR } from './releases.ts'

/** What the environment says about the control plane to use. */
export interface Settings {
  /** The Kubernetes minor version to build and run: `KUBERNETES`. */
  readonly minor: string
  /** A folder that holds the binaries already: `KUBEBUILDER_ASSETS`, as users of envtest set it. */
  readonly assets: string | undefined
  /** Holds what is built, and the logs of failed runs. Outside the checkout, so that fresh clones share it. */
  readonly cache: string
}

/** Reads the settings; an empty variable counts as unset, as for most tools. */
export function settings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const read = (name: string) => environment[name]?.trim() || undefined
  const assets = read('KUBEBUILDER_ASSETS')
  const cacheHome = read('XDG_CACHE_HOME')
  return {
    minor: (read('KUBERNETES') ?? DEFAULT_MINOR).replace(/^v/, ''),
    // Of the folder in which somebody typed it: the servers run in another.
    assets: assets === undefined ? undefined : resolve(assets),
    // The XDG specification says that a relative path is to be ignored.
    cache: join(
      cacheHome !== undefined && isAbsolute(cacheHome) ? cacheHome : join(homedir(), '.cache'),
      'tallyman',
      'control-plane',
    ),
  }
}
