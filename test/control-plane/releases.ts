import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A pair of Go modules under modules/ that a control plane is built from. */
export interface Release {
  /** The Kubernetes minor version, as in `KUBERNETES=1.35`. */
  readonly minor: string
  readonly kubernetes: Module
  readonly etcd: Module
}

/** A Go module of ours whose go.mod pins what it builds. */
export interface Module {
  readonly folder: string
  /** The version that go.mod requires, for example `v1.36.3`. */
  readonly version: string
}

const MODULES = join(import.meta.dirname, 'modules')

/** Kubernetes' minor version, then the folders of its module and of etcd's. The first is the default. */
const PAIRS: readonly [minor: string, kubernetes: string, etcd: string][] = [
  ['1.36', 'kubernetes-1.36', 'etcd-3.6'],
  // The oldest that upstream supports in late 2026: 1.34 got its last patch in October (14 months after 1.34.0).
  ['1.35', 'kubernetes-1.35', 'etcd-3.6'],
]

export const MINORS: readonly string[] = PAIRS.map(([minor]) => minor)
export const [DEFAULT_MINOR] = MINORS as [string]

/** @throws RangeError where we have no module for that version */
export function release(minor: string): Release {
  const pair = PAIRS.find(([known]) => known === minor)
  if (pair === undefined) {
    throw new RangeError(
      `KUBERNETES=${minor} is not among the versions that can be built: ${MINORS.join(', ')}`,
    )
  }
  const [, kubernetes, etcd] = pair
  return {
    minor,
    kubernetes: module(kubernetes, 'k8s.io/kubernetes'),
    etcd: module(etcd, 'go.etcd.io/etcd/server/v3'),
  }
}

/** Helm's. It is no part of a release: one version installs into each of them. */
export function helmModule(): Module {
  return module('helm-4.3', 'helm.sh/helm/v4')
}

function module(name: string, path: string): Module {
  const folder = join(MODULES, name)
  return { folder, version: requiredVersion(readFileSync(join(folder, 'go.mod'), 'utf8'), path) }
}

/** The version at which a go.mod requires a module, within a `require (…)` block or on a line of its own. */
export function requiredVersion(goMod: string, path: string): string {
  let block = ''
  for (const line of goMod.split('\n')) {
    const words = line
      .replace(/\/\/.*/, '')
      .trim()
      .split(/\s+/)
    if (words[1] === '(') block = words[0] ?? ''
    else if (words[0] === ')') block = ''
    else if (block === 'require' && words[0] === path && words[1] !== undefined) return words[1]
    else if (words[0] === 'require' && words[1] === path && words[2] !== undefined) return words[2]
  }
  throw new Error(`go.mod does not require ${path}`)
}
