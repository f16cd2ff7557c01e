import type { Files } from './files.ts'
import { LOOPBACK } from './free-ports.ts'

/**
 * How the controllers present themselves: each as a service account of its own
 * (`system:serviceaccount:kube-system:job-controller`), as kubeadm sets it up, or all as
 * `system:kube-controller-manager`, which is what the flag's default does.
 */
export type ControllerIdentity = 'service-accounts' | 'one-user'

/** kube-controller-manager's flags. */
export function controllerManagerFlags(
  files: Files,
  { kubeconfig, port, identity }: { kubeconfig: string; port: number; identity: ControllerIdentity },
): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    `--use-service-account-credentials=${identity === 'service-accounts'}`,
    `--service-account-private-key-file=${files.serviceAccountPrivate}`,
    `--root-ca-file=${files.ca}`,
    `--bind-address=${LOOPBACK}`,
    `--secure-port=${port}`,
    // It makes this folder, by default one of the system's.
    `--flex-volume-plugin-dir=${files.volumePlugins}`,
    '--leader-elect=false', // there is one, and it need not wait to become the leader
    // 20 a second by default, which a namespace's deletion and a test's hundred Pods would have to queue for.
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
  ]
}
