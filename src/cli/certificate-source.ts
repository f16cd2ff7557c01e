import type { TrustingCallers } from '../certificates/callers.ts'
import { CertificateFiles } from '../certificates/file-source.ts'
import type { CertificateSource } from '../certificates/source.ts'
import type { Cluster } from './cluster-option.ts'
import { CommandError } from './command.ts'

/** Where `serve` takes its certificate from. */
export interface CertificateOptions {
  readonly tlsCert?: string
  readonly tlsKey?: string
  /** The Secret of the certificate that tallyman makes itself. */
  readonly certificateSecret?: string
  /** The Service by which the API server calls. */
  readonly service: string
  /** Set where it runs outside of the cluster that it follows. */
  readonly kubeconfig?: string
}

/**
 * Two files, or a Secret that tallyman keeps itself.
 * @param cluster the one that has the Secret @throws CommandError, CertificateError
 */
export async function certificateSource(
  { tlsCert, tlsKey, certificateSecret: secret, service, kubeconfig }: CertificateOptions,
  cluster: Cluster | undefined,
): Promise<CertificateSource> {
  if (secret === undefined) {
    if (tlsCert === undefined || tlsKey === undefined)
      throw new CommandError(
        'serve needs --tls-cert FILE and --tls-key FILE, because the API server calls over HTTPS only; tallyman certs --out certs makes both for development, and in a cluster --certificate-secret NAME has tallyman make and renew them',
      )
    // Outside of the cluster nobody can say by which way its API server comes here.
    if (cluster === undefined || kubeconfig !== undefined) return await CertificateFiles.open(tlsCert, tlsKey)
    return await CertificateFiles.open(tlsCert, tlsKey, { callers: await webhookCallers(cluster, service) })
  }
  if (tlsCert !== undefined || tlsKey !== undefined)
    throw new CommandError(
      '--certificate-secret has tallyman make its certificate, so that --tls-cert and --tls-key have no use; leave out the one or the other',
    )
  if (cluster === undefined)
    throw new CommandError(
      '--certificate-secret keeps the certificate in a Secret of the cluster, and this is no Pod of one; outside of a Pod use --tls-cert FILE and --tls-key FILE',
    )
  const [{ ManagedCertificates }, { SecretStore }] = await Promise.all([
    import('../certificates/managed.ts'),
    import('../cluster/secret-store.ts'),
  ])
  const { api, namespace } = cluster
  return new ManagedCertificates({
    store: new SecretStore({ api, namespace, secret }),
    callers: await webhookCallers(cluster, service),
  })
}

async function webhookCallers({ api, namespace }: Cluster, service: string): Promise<TrustingCallers> {
  const { WebhookCallers } = await import('../cluster/webhook-callers.ts')
  return new WebhookCallers({ api, namespace, service })
}
