import { stringify } from 'yaml'
import type { Credentials } from './authority.ts'

/** What a kubeconfig says about one user of one cluster. */
export interface Access {
  /** `https://127.0.0.1:PORT` */
  readonly server: string
  /** The CA's certificate, PEM. */
  readonly ca: string
  readonly user: string
  readonly credentials: Credentials
  /** Where commands act that name no namespace. */
  readonly namespace?: string
}

/** A kubeconfig that needs no other file. */
export function kubeconfig({ server, ca, user, credentials, namespace }: Access): string {
  const cluster = 'tallyman-test'
  const context = `${user}@${cluster}`
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: cluster, cluster: { server, 'certificate-authority-data': base64(ca) } }],
      users: [
        {
          name: user,
          user: {
            'client-certificate-data': base64(credentials.certificate),
            'client-key-data': base64(credentials.key),
          },
        },
      ],
      contexts: [
        { name: context, context: { cluster, user, ...(namespace === undefined ? {} : { namespace }) } },
      ],
      'current-context': context,
    },
    { lineWidth: 0 },
  )
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
