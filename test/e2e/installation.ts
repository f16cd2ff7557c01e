import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { until } from '../control-plane/until.ts'
import { SUBMITTER_NAMESPACE } from '../control-plane/users.ts'
import { Mount } from '../files/mount.ts'
import { type Component, copyDeploy, type Overlay, overlayWith } from './deploy-copy.ts'
import { runnable } from './deployment.ts'
import { helm } from './helm.ts'
import { expectDone, kubectl, type Output } from './kubectl.ts'
import type { LogLine } from './log-lines.ts'
import { type PodLogin, podLogin } from './pod-login.ts'
import { FROM_SOURCES, Replica } from './replica.ts'
import { generationOf, putTagPolicy, tagPoliciesServed } from './tag-policy.ts'

/** The Service of deploy/base. */
const SERVICE = 'tallyman/tallyman'

/** The API server takes up a new webhook configuration within a second; this leaves room for a busy machine. */
const IN_USE_WITHIN_MS = 30_000

export interface InstallOptions {
  readonly controlPlane: ControlPlane
  /** The path of kubectl. */
  readonly kubectl: string
  readonly signal: AbortSignal
  /** The text of a TagPolicy; where it is missing, the built-in one holds, whose mode is warn. */
  readonly policy?: string
  /** Of deploy/overlays; own-certificate where it is missing. */
  readonly overlay?: Overlay
  /** Installs the Helm chart instead of an overlay. */
  readonly chart?: ChartOptions
  /** Of deploy/components. With `policy-file`, the policy is a file in a ConfigMap. */
  readonly components?: readonly Component[]
  /** How many tallymans run; 1 where it is missing. */
  readonly replicas?: number
  /** FROM_SOURCES, or AS_BUILT. */
  readonly main?: string
  /** Variables that the replicas get beside those of the Deployment. */
  readonly env?: Readonly<Record<string, string>>
}

/** How the chart is installed. */
export interface ChartOptions {
  /** The path of Helm. */
  readonly program: string
  /** As for `--set`: `failurePolicy=Fail`. */
  readonly values?: readonly string[]
}

/** The release, by the name that the README gives it. */
export const RELEASE = 'tallyman'

const UPGRADE = ['upgrade', '--install', RELEASE, '--namespace', 'tallyman', '--create-namespace']
const setting = ({ values = [] }: ChartOptions) => values.flatMap((value) => ['--set', value])

/**
 * tallyman in a control plane, installed with `kubectl apply -k` of an overlay, own-certificate mostly, or with Helm. There are no
 * nodes: the replicas are processes that get the arguments, the environment, the volumes and the token that the installed Deployment
 * says, and the Service leads to them.
 */
export class Installation {
  /** A copy of deploy/ with a certificate and this installation's policy: change it, then {@link apply}. */
  readonly deploy: string
  /** The folder in it that is applied; another one later takes the place of the first. */
  overlay: string
  /** Those that the Service leads to. */
  readonly replicas: Replica[] = []
  readonly #options: InstallOptions
  readonly #mounts = new Map<string, Mount>()
  #login: PodLogin | undefined
  #started = 0

  private constructor(options: InstallOptions, deploy: string, overlay: string) {
    this.#options = options
    this.deploy = deploy
    this.overlay = overlay
  }

  /** Installs, starts the replicas, and waits until the API server asks them and the policy is in force. */
  static async install(options: InstallOptions): Promise<Installation> {
    const {
      controlPlane,
      policy,
      overlay = 'own-certificate',
      components = [],
      replicas = 1,
      signal,
    } = options
    const deploy = join(controlPlane.folder, 'deploy')
    await copyDeploy(deploy, { policy })
    const installation = new Installation(options, deploy, await overlayWith(deploy, overlay, components))
    expectDone(await installation.apply())
    const { serviceAccount } = await runnable(controlPlane.admin)
    if (serviceAccount !== undefined) {
      installation.#login = await podLogin(controlPlane, serviceAccount)
      await tagPoliciesServed(controlPlane.admin, signal)
    }
    await Promise.all(Array.from({ length: replicas }, () => installation.startReplica()))
    if (serviceAccount !== undefined && policy !== undefined) await installation.changePolicy(policy)
    await installation.inUse()
    return installation
  }

  /** The mounted ConfigMap of the component policy-file: `policy.yaml`. */
  get policyMount(): Mount {
    return this.#mount('policy')
  }

  /** The mounted Secret: `ca.crt`, `tls.crt`, `tls.key`. */
  get certificateMount(): Mount {
    return this.#mount('tls')
  }

  /** What the replicas log in with: `token`, `ca.crt`, `namespace`. */
  get tokenMount(): Mount {
    if (this.#login === undefined) throw new Error('The Pods of the Deployment get no token')
    return this.#login.mount
  }

  /**
   * `kubectl apply -k` as the admin, of the copy as it stands now, or `helm upgrade --install`. What runs is not touched by it.
   */
  async apply(): Promise<Output> {
    const { kubectl: program, controlPlane, chart } = this.#options
    const { kubeconfig } = controlPlane.login('admin')
    const done =
      chart === undefined
        ? await kubectl(program, kubeconfig)(['apply', '-k', this.overlay])
        : await helm(chart.program, kubeconfig)([...UPGRADE, this.chart, ...setting(chart)])
    if (done.code === 0) await this.mount()
    return done
  }

  /** The folder of the chart in the copy. */
  get chart(): string {
    return join(this.deploy, 'helm/tallyman')
  }

  /** Starts one more, with what the Deployment says now, and leads the Service to it as well. */
  async startReplica(): Promise<Replica> {
    const replica = await this.startAside()
    this.join(replica)
    return replica
  }

  /** Leads the Service to a replica as well, as to a Pod that has become ready. */
  join(replica: Replica): void {
    this.replicas.push(replica)
    this.route()
  }

  /** Mounts the volumes that the Deployment has now and had not before; {@link apply} does so too. */
  async mount(): Promise<void> {
    const { controlPlane } = this.#options
    for (const { name, files } of (await runnable(controlPlane.admin)).volumes) {
      if (this.#mounts.has(name)) continue
      const folder = join(controlPlane.folder, 'volumes', name)
      await mkdir(folder, { recursive: true })
      this.#mounts.set(name, await Mount.at(folder, files))
    }
  }

  /** Starts one more, with what the Deployment says now, to which the Service does not lead. */
  async startAside(): Promise<Replica> {
    const { controlPlane, signal, main = FROM_SOURCES } = this.#options
    this.#started += 1
    const name = `tallyman-${this.#started}`
    const { args, env, volumes } = await runnable(controlPlane.admin)
    const mounted = args.map((arg) =>
      volumes.reduce(
        (text, volume) => text.replace(`=${volume.mountPath}/`, `=${this.#mount(volume.name).folder}/`),
        arg,
      ),
    )
    const pod = this.#login === undefined ? [] : [`--service-account=${this.#login.mount.folder}`]
    const options = {
      name,
      main,
      args: [...mounted, ...pod],
      env: { ...env, ...this.#login?.env, ...this.#options.env },
    }
    return await Replica.start(controlPlane.supervisor, options, signal)
  }

  /** Takes one out of the Service, as a Pod that is not ready; its connections stand. */
  withdraw(replica: Replica): void {
    this.replicas.splice(this.replicas.indexOf(replica), 1)
    this.route()
  }

  /** Leads new connections to the Service to these; to all replicas where nothing else is said. */
  route(replicas: readonly Replica[] = this.replicas): void {
    this.#options.controlPlane.services.route(
      SERVICE,
      replicas.map(({ port }) => port),
    )
  }

  /**
   * Makes the TagPolicy of that name what a text says, as the admin, and waits until all replicas have it in force. With the
   * component policy-file the text replaces the mounted one, and has to differ from it.
   */
  async changePolicy(text: string): Promise<void> {
    const { name } = (parse(text) as { metadata: { name: string } }).metadata
    const since = this.replicas.map(({ log }) => log.lines.length)
    if (this.#login === undefined) {
      await this.policyMount.write({ 'policy.yaml': text })
      await Promise.all(
        this.replicas.map((it, index) => it.log.next('policy in force', { since: since[index] ?? 0 })),
      )
      return
    }
    const put = await putTagPolicy(this.#options.controlPlane.admin, text)
    expectSuccess(put, `putting the TagPolicy ${name}`)
    const wanted = (line: LogLine) =>
      line.msg === 'policy in force' && line.policy === name && line.generation === generationOf(put)
    await Promise.all(this.replicas.map(({ log }) => log.next(wanted, { since: 0 })))
  }

  /** Waits until an object that is created is judged; dry runs show it, whatever the policy says. */
  async inUse(): Promise<void> {
    const { controlPlane, signal } = this.#options
    const judged = async () => {
      const counts = this.replicas.map((replica) => replica.metric('tallyman_verdicts_total'))
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
    }
    const before = await judged()
    await until('the API server to ask tallyman', IN_USE_WITHIN_MS, signal, async () => {
      const path = `/api/v1/namespaces/${SUBMITTER_NAMESPACE}/podtemplates?dryRun=All`
      expectSuccess(await controlPlane.admin.create(path, HARMLESS), 'a dry run')
      return (await judged()) > before ? true : undefined
    })
  }

  #mount(name: string): Mount {
    const mount = this.#mounts.get(name)
    if (mount === undefined) throw new Error(`The Deployment has no volume ${name}`)
    return mount
  }
}

/** Passes every policy, and needs no service account. */
const HARMLESS = {
  apiVersion: 'v1',
  kind: 'PodTemplate',
  metadata: { name: 'harmless' },
  template: { spec: { containers: [{ name: 'main', image: 'registry.example.com/harmless:1.0.0' }] } },
}
