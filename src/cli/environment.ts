import { Option } from 'commander'

/** What Kubernetes writes into TALLYMAN_PORT where a Service called tallyman is in the Pod's namespace. */
const SERVICE_LINK = /^(?:tcp|udp|sctp):\/\//

/** The environment variable of an option: `--tls-cert` is TALLYMAN_TLS_CERT. */
export function variableOf(long: string): string {
  return `TALLYMAN_${long.replace(/^--/, '').replaceAll('-', '_').toUpperCase()}`
}

/** An option that its environment variable sets where the command line does not. */
export function option(flags: string, description: string): Option {
  const made = new Option(flags, description)
  return made.env(variableOf(made.long ?? flags))
}

/**
 * Takes out of the environment what nobody meant as a setting, before options are read from it: variables that are
 * empty, as a manifest writes them for "not set", and Kubernetes' links to the Service tallyman.
 */
export function tidyEnvironment(environment: NodeJS.ProcessEnv = process.env): void {
  for (const [name, value = ''] of Object.entries(environment))
    if (name.startsWith('TALLYMAN_') && (value === '' || SERVICE_LINK.test(value))) delete environment[name]
}

/** KUBECONFIG, the paths of kubectl's kubeconfigs. */
export function kubeconfigVariable(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.KUBECONFIG ?? ''
}

/** Where the API server of the cluster is that this runs in a Pod of; undefined outside of one. */
export function podsApiServer(
  environment: NodeJS.ProcessEnv = process.env,
): { readonly host: string; readonly port: string } | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment
  return host && port ? { host, port } : undefined
}
