import type { Module, Release } from './releases.ts'

/** The programs that a control plane is made of, by the names of their files. */
export const PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'] as const
export type Program = (typeof PROGRAMS)[number]

/** One run of the go command. */
export interface GoBuild {
  /** What it builds, in words. */
  readonly what: string
  /** The folder of the module, in which it runs. */
  readonly folder: string
  readonly args: readonly string[]
}

/** Where Kubernetes keeps its version: the server's own, and the one in its clients' user agent. */
const VERSION_PACKAGES = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'] as const

/** How to build a release into a folder. */
export function goBuilds({ kubernetes, etcd }: Release, into: string): GoBuild[] {
  return [
    {
      what: `etcd ${etcd.version}`,
      folder: etcd.folder,
      args: ['build', ...FLAGS, '-ldflags', '-s -w', '-o', `${into}/etcd`, 'go.etcd.io/etcd/server/v3'],
    },
    {
      what: `Kubernetes ${kubernetes.version}`,
      folder: kubernetes.folder,
      args: ['build', ...FLAGS, '-ldflags', `-s -w ${stamps(kubernetes.version)}`, '-o', `${into}/`, 'tool'],
    },
  ]
}

/** How to build Helm into a folder. */
export function helmBuild({ folder, version }: Module, into: string): GoBuild {
  const stamp = `-X helm.sh/helm/v4/internal/version.version=${version}`
  return {
    what: `Helm ${version}`,
    folder,
    args: ['build', ...FLAGS, '-ldflags', `-s -w ${stamp}`, '-o', `${into}/`, 'tool'],
  }
}

/**
 * `-v` names each package as it is compiled, for the progress; `-mod=readonly` keeps go.sum the judge of what is
 * downloaded; a module has no version control system to ask.
 */
const FLAGS = ['-v', '-trimpath', '-mod=readonly', '-buildvcs=false'] as const

/**
 * Linker flags that make the programs report their version, as an official build does. Without them the API server
 * calls itself v0.0.0-master, and clients and feature gates that go by the version decide wrongly.
 */
function stamps(version: string): string {
  const [major, minor] = version.replace(/^v/, '').split('.')
  const values = {
    gitVersion: version,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: 'archive',
    gitCommit: '',
  }
  return VERSION_PACKAGES.flatMap((path) =>
    Object.entries(values).map(([name, value]) => `-X ${path}.${name}=${value}`),
  ).join(' ')
}
