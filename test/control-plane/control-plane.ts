import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { may } from './access-review.ts'
import type { ApiClient } from './api-client.ts'
import { apiServerFlags } from './api-server.ts'
import { Authority, type Credentials, type Subject } from './authority.ts'
import { type Binaries, pathOf } from './binaries.ts'
import { type ControllerIdentity, controllerManagerFlags } from './controller-manager.ts'
import { etcdFlags } from './etcd.ts'
import { EtcdGateway } from './etcd-gateway.ts'
import { type Files, writeFiles } from './files.ts'
import { freePorts, LOOPBACK } from './free-ports.ts'
import { logsFolder, pruneLogs } from './kept-logs.ts'
import { type Login, Logins } from './logins.ts'
import { ensureNamespace, ensureServiceAccount, expectSuccess } from './namespaces.ts'
import { once200, ready } from './readiness.ts'
import { type Service, ServiceNetwork } from './service-network.ts'
import { type Supervised, Supervisor } from './supervisor.ts'
import { CONTROLLER_MANAGER, grants, SUBMITTER_NAMESPACE, USERS, type User, type UserName } from './users.ts'

export interface ControlPlaneOptions {
  readonly binaries: Binaries
  /** Where the logs of a failed run go, in a folder of their own. */
  readonly logs: string
  /** Whether controllers run, and as whom; with `none` it boots faster, and a Deployment gets no Pods. */
  readonly controllers: ControllerIdentity | 'none'
  /** Ends everything, during the boot or later. */
  readonly signal: AbortSignal
}

type Program = 'etcd' | 'kube-apiserver' | 'kube-controller-manager'

/** An API server with etcd and, unless told otherwise, the built-in controllers; all of it on loopback. */
export class ControlPlane {
  /** Runs further processes that end with this control plane, such as the webhook, and owns its folder. */
  readonly supervisor: Supervisor
  /** Decides which processes a Service's address leads to. */
  readonly services = new ServiceNetwork(() => this.#listServices())
  readonly #options: ControlPlaneOptions
  readonly #authority: Authority
  readonly #files: Files
  readonly #processes: Supervised[] = []
  readonly #arguments = new Map<Program, string[]>()
  readonly #abort = () => void this.supervisor.end({ keepLogs: false })
  #server = ''
  #etcd = new EtcdGateway('')
  #logins: Logins
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
    this.#logins = new Logins('', authority, supervisor.folder)
    options.signal.addEventListener('abort', this.#abort)
    if (options.signal.aborted) this.#abort()
  }

  /** Lays out the folder; nothing runs yet. */
  static async begin(options: ControlPlaneOptions): Promise<ControlPlane> {
    options.signal.throwIfAborted()
    if (options.controllers !== 'none') pathOf(options.binaries, 'kube-controller-manager')
    const prefix = join(tmpdir(), 'tallyman-control-plane-')
    const supervisor = await Supervisor.begin(prefix, logsFolder(options.logs, 'control-plane'))
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

  /** What the API server stores everything in. */
  get etcd(): EtcdGateway {
    return this.#etcd
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
    return this.#logins.get(name)
  }

  get admin(): ApiClient {
    return this.login('admin').client
  }

  /** Makes a further user, who may do nothing until a role is bound to them. */
  addUser(user: User): Promise<Login> {
    return this.#logins.add(user)
  }

  /** Issues a certificate that the API server trusts where `ca` is named, such as a webhook's. */
  issue(subject: Subject): Promise<Credentials> {
    return this.#authority.issue(subject)
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
    this.#etcd = new EtcdGateway(`http://${LOOPBACK}:${etcd}`)
    this.#logins = new Logins(this.#server, this.#authority, this.folder)
    await Promise.all(Object.values(USERS).map((user) => this.addUser(user)))

    await this.services.listen(this.#files.egress)
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

  /**
   * Kills a server and starts it anew, at its port and with its data; resolves when it answers.
   * @param meanwhile is done while it is away
   */
  async restart(program: 'etcd' | 'kube-apiserver', meanwhile?: () => Promise<unknown>): Promise<void> {
    const old = this.#running(program)
    old.signal('SIGKILL')
    await old.exited
    await meanwhile?.()
    this.#processes.splice(this.#processes.indexOf(old), 1)
    const started = await this.#start(program, this.#arguments.get(program) ?? [])
    const ask = program === 'etcd' ? () => this.#etcd.health() : () => this.admin.get('/readyz')
    await ready([started], this.#options.signal, () => once200(ask))
  }

  /** Stops a server in its tracks, so that it answers nothing but keeps its connections, until the work is done. */
  async frozen<T>(program: Program, work: () => Promise<T>): Promise<T> {
    this.#running(program).signal('SIGSTOP')
    try {
      return await work()
    } finally {
      this.#running(program).signal('SIGCONT')
    }
  }

  /** Ends all of it. @returns where the logs are, if they were to be kept and could be */
  async stop({ keepLogs = false }: { keepLogs?: boolean } = {}): Promise<string | undefined> {
    this.#options.signal.removeEventListener('abort', this.#abort)
    this.#logins.close()
    this.services.close()
    await this.supervisor.end({ keepLogs })
    // An interruption ends the supervisor at any moment, and whoever was writing a file into the folder then has made
    // it anew.
    await rm(this.folder, { recursive: true, force: true })
    await pruneLogs(this.#options.logs)
    return keepLogs && existsSync(this.supervisor.keptLogs) ? this.supervisor.keptLogs : undefined
  }

  #running(program: Program): Supervised {
    const found = this.#processes.find(({ name }) => name === program)
    if (found === undefined) throw new Error(`There is no ${program} here`)
    return found
  }

  async #start(program: Program, args: string[]): Promise<Supervised> {
    this.#arguments.set(program, args)
    const command = pathOf(this.#options.binaries, program)
    // An empty environment: ETCD_…, HTTPS_PROXY and GODEBUG would change what the servers do.
    const process = await this.supervisor.start(program, { command, args, env: {} })
    this.#processes.push(process)
    return process
  }

  async #listServices(): Promise<readonly Service[]> {
    return ((await this.admin.get('/api/v1/services')).body as { items: Service[] }).items
  }

  async #serviceAccount(namespace: string): Promise<void> {
    const { controllers, signal } = this.#options
    await ensureServiceAccount(this.admin, namespace, { controllers: controllers !== 'none', signal })
  }

  /** A controller has put `edit` and `view` together, so that the users can do what they may. */
  async #rolesAreAggregated(): Promise<boolean> {
    const allowed = await Promise.all([
      may(this.login('submitter').client, {
        namespace: SUBMITTER_NAMESPACE,
        verb: 'create',
        resource: 'pods',
      }),
      may(this.login('policy-owner').client, { verb: 'list', resource: 'pods' }),
    ])
    return allowed.every(Boolean)
  }
}
