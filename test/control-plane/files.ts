import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AUDIT_POLICY } from './audit-policy.ts'
import { Authority, serviceAccountKeys } from './authority.ts'
import { LOOPBACK } from './free-ports.ts'
import { egressSelector } from './service-network.ts'

/** The paths of what the servers read and write. */
export interface Files {
  readonly ca: string
  /** The CA of proxies that vouch for users (kubeadm's front-proxy-ca): nobody has a certificate of it. */
  readonly proxyCa: string
  readonly servingCertificate: string
  readonly servingKey: string
  readonly serviceAccountPrivate: string
  readonly serviceAccountPublic: string
  readonly auditPolicy: string
  readonly auditLog: string
  readonly etcdData: string
  readonly egressSelector: string
  /** The socket of the service network. */
  readonly egress: string
  readonly volumePlugins: string
}

/** Names by which the API server may be called: on loopback, and as Pods of a cluster would. */
const SERVER_NAMES = [LOOPBACK, 'localhost', 'kubernetes.default.svc'] as const

/** Writes what the servers need before they start. The folder is private to its owner, as `mkdtemp` makes it. */
export async function writeFiles(folder: string, authority: Authority): Promise<Files> {
  const files: Files = {
    ca: join(folder, 'ca.crt'),
    proxyCa: join(folder, 'proxy-ca.crt'),
    servingCertificate: join(folder, 'server.crt'),
    servingKey: join(folder, 'server.key'),
    serviceAccountPrivate: join(folder, 'service-accounts.key'),
    serviceAccountPublic: join(folder, 'service-accounts.pub'),
    auditPolicy: join(folder, 'audit-policy.yaml'),
    auditLog: join(folder, 'logs', 'audit.log'),
    etcdData: join(folder, 'etcd'),
    egressSelector: join(folder, 'egress-selector.yaml'),
    egress: join(folder, 'services.sock'),
    volumePlugins: join(folder, 'volume-plugins'),
  }
  const [serving, tokens, proxies] = await Promise.all([
    authority.issue({ name: 'kube-apiserver', hosts: SERVER_NAMES }),
    serviceAccountKeys(),
    Authority.create(),
  ])
  await mkdir(files.etcdData, { mode: 0o700 }) // etcd warns of any other mode
  const contents: [path: string, content: string][] = [
    [files.ca, authority.certificate],
    [files.proxyCa, proxies.certificate],
    [files.servingCertificate, serving.certificate],
    [files.servingKey, serving.key],
    [files.serviceAccountPrivate, tokens.private],
    [files.serviceAccountPublic, tokens.public],
    [files.auditPolicy, AUDIT_POLICY],
    [files.egressSelector, egressSelector(files.egress)],
  ]
  await Promise.all(contents.map(([path, content]) => writeFile(path, content, { mode: 0o600 })))
  return files
}
