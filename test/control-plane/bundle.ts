import { type GoBuild, goBuilds, helmBuild, PROGRAMS } from './go-build.ts'
import { helmModule, type Release } from './releases.ts'

/** Programs that are built together, into one folder of the cache. */
export interface Bundle {
  /** In words, as in "the tests' control plane (Kubernetes v1.36.3)". */
  readonly what: string
  /** The name of its folder in the cache, which is another one for each version and kind of machine. */
  readonly folderName: string
  /** The names of the files. */
  readonly programs: readonly string[]
  /** What a build takes, on two cores. */
  readonly takes: string
  /** What spares building it. */
  readonly instead: string
  /** The folder of the Go module that asks for the newest Go. */
  readonly module: string
  /** What to run, in this order. */
  builds(into: string): GoBuild[]
}

const machine = `${process.platform}-${process.arch}`

/** What a control plane of a release is made of, and kubectl: `kubernetes-v1.36.3-etcd-v3.6.8-linux-x64`. */
export function controlPlaneBundle(release: Release): Bundle {
  const { kubernetes, etcd } = release
  return {
    what: `the tests' control plane (Kubernetes ${kubernetes.version})`,
    folderName: `kubernetes-${kubernetes.version}-etcd-${etcd.version}-${machine}`,
    programs: PROGRAMS,
    takes: 'about five minutes on two cores, 2 GB of memory and 3 GB on disk',
    instead: `let KUBEBUILDER_ASSETS name a folder that holds kube-apiserver, kubectl and etcd, such as the one that
\`setup-envtest use -p path\` prints`,
    module: kubernetes.folder,
    builds: (into) => goBuilds(release, into),
  }
}

/** The program of the Helm chart's users: `helm-v4.3.1-linux-x64`. */
export function helmBundle(): Bundle {
  const helm = helmModule()
  return {
    what: `the tests' Helm (${helm.version})`,
    folderName: `helm-${helm.version}-${machine}`,
    programs: ['helm'],
    takes: 'about three minutes on two cores, 1 GB of memory and 1 GB on disk',
    instead:
      'let KUBEBUILDER_ASSETS name a folder: its helm is used, and where it has none, what needs one is skipped',
    module: helm.folder,
    builds: (into) => [helmBuild(helm, into)],
  }
}
