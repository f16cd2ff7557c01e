import type { RequestOptions } from 'node:https'
import type { KubeConfig } from '@kubernetes/client-node'
import { plainText } from '../admission/plain-text.ts'
import { quoted } from '../policy/quoted.ts'
import { type Kubeconfig, type KubeconfigPlaces, readKubeconfigs } from './kubeconfig-files.ts'
import { type Login, LoginError } from './login.ts'
import { plainLogin } from './plain-login.ts'

export interface KubeconfigOptions extends KubeconfigPlaces {
  /** What --context names; the current one where it is missing. */
  readonly context?: string
}

/** So many contexts a message names; who has more knows how to list them. */
const SHOWN = 10
/** Of what a credential plugin prints before it fails. */
const SHOWN_TEXT = 500

/**
 * Logs in as a person does, by a kubeconfig: with a client certificate, a token, a credential plugin (`exec`) or OIDC.
 * The package that does it is loaded when it is needed: it takes 0.8 s of CPU and 65 MB, which a Pod is spared.
 */
export class KubeconfigLogin implements Login {
  readonly server: string
  readonly tls: Login['tls']
  readonly agent?: NonNullable<Login['agent']>
  readonly namespace: string
  readonly #load: () => KubeConfig
  #config: KubeConfig

  private constructor(load: () => KubeConfig, config: KubeConfig, server: string, options: RequestOptions) {
    const { ca, cert, key, passphrase, servername, rejectUnauthorized } = options
    this.#load = load
    this.#config = config
    this.server = server
    this.tls = definedOf({ ca, cert, key, passphrase, servername, rejectUnauthorized })
    this.namespace = config.getContextObject(config.currentContext)?.namespace ?? 'default'
    if (config.getCurrentCluster()?.proxyUrl) this.agent = options.agent as NonNullable<Login['agent']>
  }

  /** Reads the kubeconfig, and asks a credential plugin, if there is one. @throws LoginError */
  static async open({ context, ...places }: KubeconfigOptions): Promise<Login> {
    const files = await readKubeconfigs(places)
    const name = contextOf(files, context)
    const plain = await plainLogin(files, name)
    if (plain !== undefined) return plain
    const { KubeConfig } = await import('@kubernetes/client-node')
    const text = JSON.stringify({
      clusters: files.clusters,
      users: files.users.map(readByClient),
      contexts: files.contexts,
      'current-context': name,
    })
    const load = () => {
      const config = new KubeConfig()
      config.loadFromString(text)
      return config
    }
    try {
      const config = load()
      const server = serverOf(config, name)
      return new KubeconfigLogin(load, config, server, await optionsOf(config))
    } catch (error) {
      throw new LoginError(`${files.from}: ${(error as Error).message}`, { cause: error })
    }
  }

  async headers(): Promise<Readonly<Record<string, string>>> {
    const { headers, auth } = await optionsOf(this.#config)
    const sent = Object.entries(headers ?? {}).map(([name, value]) => [name, String(value).trim()])
    if (auth) sent.push(['Authorization', `Basic ${Buffer.from(auth).toString('base64')}`])
    return Object.fromEntries(sent)
  }

  /** What a plugin or an identity provider gave is kept in the config, so a new one asks them again. */
  refused(): void {
    this.#config = this.#load()
  }
}

function contextOf({ from, contexts, currentContext }: Kubeconfig, asked: string | undefined): string {
  const names = contexts.map(({ name }) => String(name))
  const others = names.slice(0, SHOWN).map(quoted).join(', ')
  const list = names.length === 0 ? 'it has none' : names.length > SHOWN ? `${others}, …` : others
  const name = asked ?? currentContext
  if (name === undefined)
    throw new LoginError(`${from}: no current-context is set; choose one with --context: ${list}`)
  if (names.includes(name)) return name
  throw new LoginError(`${from}: there is no context ${quoted(name)}; choose one with --context: ${list}`)
}

function serverOf(config: KubeConfig, context: string): string {
  const named = config.getContextObject(context)
  const cluster = config.getCurrentCluster()
  if (cluster === null)
    throw new LoginError(
      `context ${quoted(context)} is for cluster ${quoted(named?.cluster ?? '')}, which is missing`,
    )
  if (config.getCurrentUser() === null)
    throw new LoginError(
      `context ${quoted(context)} is for user ${quoted(named?.user ?? '')}, who is missing`,
    )
  if (!URL.canParse(cluster.server) || new URL(cluster.server).protocol !== 'https:')
    throw new LoginError(
      `cluster ${quoted(cluster.name)} has the server ${quoted(cluster.server)}; tallyman speaks with https:// only`,
    )
  return cluster.server.replace(/\/+$/, '')
}

/** What the package reads otherwise than kubectl, put in its words. */
function readByClient({ user, ...entry }: Record<string, unknown>): object {
  if (typeof user !== 'object' || user === null) return entry
  const { tokenFile, token, exec, ...rest } = user as Record<string, unknown>
  // It knows a token's file by another name, and reads that once, while a file is there for tokens that change.
  const how = tokenFile
    ? { 'auth-provider': { name: 'tokenFile', config: { tokenFile } } }
    : { ...(token ? { token } : {}), ...(exec ? { exec: informed(exec) } : {}) }
  return { ...entry, user: { ...rest, ...how } }
}

/** A plugin reads from this variable in which version it is to answer (client.authentication.k8s.io). */
function informed(exec: object): object {
  const { apiVersion, env } = exec as { apiVersion?: string; env?: object[] | null }
  const value = JSON.stringify({ apiVersion, kind: 'ExecCredential', spec: { interactive: false } })
  return { ...exec, env: [...(env ?? []), { name: 'KUBERNETES_EXEC_INFO', value }] }
}

async function optionsOf(config: KubeConfig): Promise<RequestOptions> {
  const options: RequestOptions = {}
  try {
    await config.applyToHTTPSOptions(options)
    return options
  } catch (error) {
    throw noLogin(config, error)
  }
}

function noLogin(config: KubeConfig, error: unknown): LoginError {
  const { command, installHint } = config.getCurrentUser()?.exec ?? {}
  const by = command === undefined ? '' : `, by the credential plugin ${plainText(command, SHOWN_TEXT)}`
  const said = shown((error as Error).message) || 'it failed and did not say why'
  const hint = typeof installHint === 'string' ? `. ${shown(installHint)}` : ''
  return new LoginError(`context ${quoted(config.currentContext)} gives no login${by}: ${said}${hint}`, {
    cause: error,
  })
}

function shown(text: string): string {
  return plainText(text.trim().replaceAll(/\s+/g, ' '), SHOWN_TEXT)
}

function definedOf<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}
