import type { Files } from './files.ts'
import { LOOPBACK } from './free-ports.ts'

/**
 * kube-apiserver's flags: what kubeadm gives a cluster, as far as it can matter to admission, on loopback.
 * Admission plugins are the API server's own defaults plus NodeRestriction, which kubeadm adds.
 */
export function apiServerFlags(files: Files, { etcd, port }: { etcd: number; port: number }): string[] {
  return [
    `--etcd-servers=http://${LOOPBACK}:${etcd}`,
    `--bind-address=${LOOPBACK}`,
    `--advertise-address=${LOOPBACK}`,
    `--secure-port=${port}`,
    `--tls-cert-file=${files.servingCertificate}`,
    `--tls-private-key-file=${files.servingKey}`,
    `--client-ca-file=${files.ca}`,
    // The controller manager looks for this one and complains every second where it is missing.
    `--requestheader-client-ca-file=${files.proxyCa}`,
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-allowed-names=front-proxy-client',
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-signing-key-file=${files.serviceAccountPrivate}`,
    `--service-account-key-file=${files.serviceAccountPublic}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    `--egress-selector-config-file=${files.egressSelector}`,
    '--allow-privileged=true',
    `--audit-policy-file=${files.auditPolicy}`,
    `--audit-log-path=${files.auditLog}`,
    '--audit-log-mode=blocking', // an answered request is in the log, so a test need not wait for it
    // The Service `kubernetes` would list the advertised address, which may not be loopback.
    '--endpoint-reconciler-type=none',
  ]
}
