import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApiClient } from './api-client.ts'
import { apiServerFlags } from './api-server.ts'
import { Authority } from './authority.ts'
import type { Binaries } from './binaries.ts'
import { pruneLogs } from './build-cache.ts'
import { type ControllerIdentity, controllerManagerFlags } from './controller-manager.ts'
import { etcdFlags } from './etcd.ts'
import { type Files, writeFiles } from './files.ts'
import { freePorts, LOOPBACK } from './free-ports.ts'
import { kubeconfig } from './kubeconfig.ts'
import { ensureNamespace, ensureServiceAccount, expectSuccess } from './namespaces.ts'
import { once200, ready, ServerFailure } from './readiness.ts'
import { type Supervised, Supervisor } from './supervisor.ts'
import { CONTROLLER_MANAGER, grants, SUBMITTER_NAMESPACE, USERS, type User, type UserName } from './users.ts'

/** How often a boot is tried again because another process took a port between our choice and its use. */
const PORT_TRIES = 3

export interface ControlPlaneOptions {
  readonly binaries: Binaries
  /** Where the logs of a failed run go, in a folder of their own. */
  readonly logs: string
  /** Whether controllers run, and as whom; with `none` it boots faster, and a Deployment gets no Pods. */
  readonly controllers: ControllerIdentity | 'none'
  /** Ends everything, during the boot or later. */
  readonly signal: AbortSignal
}

/** One user's way in. */
export interface Login {
  readonly client: ApiClient
  /** The path of their kubeconfig. */
  readonly kubeconfig: string
}

/** Boots a control plane and waits until its users can work. @throws ServerFailure that says what a server said last */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  for (let tries = PORT_TRIES; ; tries -= 1) {
    const controlPlane = await ControlPlane.begin(options)
    try {
      await controlPlane.boot()
      return controlPlane
    } catch (error) {
      const aborted = options.signal.aborted
      const again = error instanceof ServerFailure && error.portWasTaken && tries > 1
      const kept = await controlPlane.stop({ keepLogs: !aborted && !again })
      options.signal.throwIfAborted()
      if (again) continue
      throw kept === undefined
        ? error
        : new Error(`${(error as Error).message}\nIts logs are kept in ${kept}`)
    }
  }
}

/** An API server with etcd and, unless told otherwise, the built-in controllers; all of it on loopback. */
export class ControlPlane {
  /** Runs further processes that end with this control plane, such as the webhook, and owns its folder. */
  readonly supervisor: Supervisor
  readonly #options: ControlPlaneOptions
  readonly #authority: Authority
  readonly #files: Files
  readonly #logins = new Map<string, Login>()
  readonly #processes: Supervised[] = []
  readonly #abort = () => void this.supervisor.end({ keepLogs: false })
  #server = ''
  #version = ''

  private constructor(
    options: ControlPlaneOptions,
    supervisor: Supervisor,
    authority: Authority,
    files: Files,
  ) {
    this.#options = options
    this.supervisor = supervisor
    this.#authority = authority
    this.#files = files
    options.signal.addEventListener('abort', this.#abort)
    if (options.signal.aborted) this.#abort()
  }

  /** Lays out the folder; nothing runs yet. */
  static async begin(options: ControlPlaneOptions): Promise<ControlPlane> {
    options.signal.throwIfAborted()
    const kept = join(options.logs, new Date().toISOString().replaceAll(/[:.]/g, '-'))
    const supervisor = await Supervisor.begin(join(tmpdir(), 'tallyman-control-plane-'), kept)
    try {
      const authority = await Authority.create()
      return new ControlPlane(options, supervisor, authority, await writeFiles(supervisor.folder, authority))
    } catch (error) {
      await supervisor.end({ keepLogs: false })
      throw error
    }
  }

  /** `https://127.0.0.1:PORT` */
  get server(): string {
    return this.#server
  }

  /** What the API server calls itself: `v1.36.3`. */
  get version(): string {
    return this.#version
  }

  /** A temporary folder for whatever belongs to this run; it is removed when it stops. */
  get folder(): string {
    return this.supervisor.folder
  }

  /** The CA that signed the API server's certificate, PEM. */
  get ca(): string {
    return this.#authority.certificate
  }

  get auditLog(): string {
    return this.#files.auditLog
  }

  /** What runs: etcd, the API server, and the controller manager if there is one. */
  get processes(): readonly Supervised[] {
    return this.#processes
  }

  /** The login of somebody who is in USERS or was added. */
  login(name: UserName | (string & {})): Login {
    const login = this.#logins.get(name)
    if (login === undefined)
      throw new Error(`The control plane has no user ${name}: ${[...this.#logins.keys()].join(', ')}`)
    return login
  }

  get admin(): ApiClient {
    return this.login('admin').client
  }

  /** Makes a further user, who may do nothing until a role is bound to them. */
  async addUser(user: User): Promise<Login> {
    const { name, namespace } = user
    const credentials = await this.#authority.issue(user)
    const path = join(this.#files.kubeconfigs, `${name.replaceAll(':', '-')}.kubeconfig`)
    const access = { server: this.#server, ca: this.ca, user: name, credentials }
    await writeFile(path, kubeconfig(namespace === undefined ? access : { ...access, namespace }), {
      mode: 0o600,
    })
    const login = { client: new ApiClient(this.#server, this.ca, credentials), kubeconfig: path }
    this.#logins.set(name, login)
    return login
  }

  /** Makes a namespace, unless it is there, in which Pods can be created. */
  async createNamespace(name: string, labels: Record<string, string> = {}): Promise<void> {
    await ensureNamespace(this.admin, name, labels)
    await this.#serviceAccount(name)
  }

  /** Starts the servers, each as soon as what it needs is there, and gives the users their roles. */
  async boot(): Promise<void> {
    const { controllers, signal } = this.#options
    const [etcd, port, controllerPort] = (await freePorts(3)) as [number, number, number]
    this.#server = `https://${LOOPBACK}:${port}`
    await Promise.all(Object.values(USERS).map((user) => this.addUser(user)))

    const store = await this.#start('etcd', etcdFlags(this.#files, etcd))
    const api = await this.#start('kube-apiserver', apiServerFlags(this.#files, { etcd, port }))
    await ready([api, store], signal, () => once200(() => this.admin.get('/readyz')))
    const { body } = await this.admin.get('/version')
    this.#version = (body as { gitVersion: string }).gitVersion

    await ensureNamespace(this.admin, SUBMITTER_NAMESPACE)
    for (const { path, body } of grants(controllers)) {
      expectSuccess(await this.admin.create(path, body), `creating a role at ${path}`)
    }
    if (controllers !== 'none') {
      const { kubeconfig } = await this.addUser({ ...CONTROLLER_MANAGER, about: 'the built-in controllers' })
      const flags = { kubeconfig, port: controllerPort, identity: controllers }
      const manager = await this.#start('kube-controller-manager', controllerManagerFlags(this.#files, flags))
      await ready([manager, api, store], signal, () => this.#rolesAreAggregated())
    }
    await this.#serviceAccount('default')
    await this.#serviceAccount(SUBMITTER_NAMESPACE)
  }

  /** Ends all of it. @returns where the logs are, if they were to be kept */
  async stop({ keepLogs = false }: { keepLogs?: boolean } = {}): Promise<string | undefined> {
    this.#options.signal.removeEventListener('abort', this.#abort)
    for (const { client } of this.#logins.values()) client.close()
    await this.supervisor.end({ keepLogs })
    await pruneLogs(this.#options.logs)
    return keepLogs ? this.supervisor.keptLogs : undefined
  }

  async #start(
    program: 'etcd' | 'kube-apiserver' | 'kube-controller-manager',
    args: string[],
  ): Promise<Supervised> {
    const command = this.#options.binaries[program]
    if (command === undefined) {
      throw new Error(
        `${this.#options.binaries.folder} has no ${program}: unset KUBEBUILDER_ASSETS to have it built, or do without controllers`,
      )
    }
    // An empty environment: ETCD_…, HTTPS_PROXY and GODEBUG would change what the servers do.
    const process = await this.supervisor.start(program, { command, args, env: {} })
    this.#processes.push(process)
    return process
  }

  async #serviceAccount(namespace: string): Promise<void> {
    const { controllers, signal } = this.#options
    await ensureServiceAccount(this.admin, namespace, { controllers: controllers !== 'none', signal })
  }

  /** A controller has put `edit` and `view` together, so that the users can do what they may. */
  async #rolesAreAggregated(): Promise<boolean> {
    const allowed = await Promise.all([
      this.#may('submitter', { namespace: SUBMITTER_NAMESPACE, verb: 'create', resource: 'pods' }),
      this.#may('policy-owner', { verb: 'list', resource: 'pods' }),
    ])
    return allowed.every(Boolean)
  }

  async #may(user: UserName, resourceAttributes: Record<string, string>): Promise<boolean> {
    const { body } = await this.login(user).client.create(
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes },
      },
    )
    return (body as { status?: { allowed?: boolean } }).status?.allowed === true
  }
}
