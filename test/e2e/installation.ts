import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { until } from '../control-plane/until.ts'
import { SUBMITTER_NAMESPACE } from '../control-plane/users.ts'
import { Mount } from '../files/mount.ts'
import { copyDeploy, failClosedOver } from './deploy-copy.ts'
import { runnable } from './deployment.ts'
import { expectDone, kubectl, type Output } from './kubectl.ts'
import { FROM_SOURCES, Replica } from './replica.ts'

/** The Service of deploy/base. */
const SERVICE = 'tallyman/tallyman'

/** The API server takes up a new webhook configuration within a second; this leaves room for a busy machine. */
const IN_USE_WITHIN_MS = 30_000

export interface InstallOptions {
  readonly controlPlane: ControlPlane
  /** The path of kubectl. */
  readonly kubectl: string
  readonly signal: AbortSignal
  /** Takes the place of deploy/base/policy.yaml, whose mode is warn. */
  readonly policy?: string
  /** With the component fail-closed. */
  readonly failClosed?: boolean
  /** How many tallymans run; 1 where it is missing. */
  readonly replicas?: number
  /** FROM_SOURCES, or AS_BUILT. */
  readonly main?: string
}

/**
 * tallyman in a control plane, installed with `kubectl apply -k` of the overlay own-certificate. There are no nodes: the
 * replicas are processes that get the arguments, the environment and the volumes that the installed Deployment says, and
 * the Service leads to them.
 */
export class Installation {
  /** A copy of deploy/ with a certificate and this installation's policy: change it, then {@link apply}. */
  readonly deploy: string
  /** The folder in it that is applied. */
  readonly overlay: string
  /** Those that the Service leads to. */
  readonly replicas: Replica[] = []
  readonly #options: InstallOptions
  readonly #mounts = new Map<string, Mount>()
  #started = 0

  private constructor(options: InstallOptions, deploy: string, overlay: string) {
    this.#options = options
    this.deploy = deploy
    this.overlay = overlay
  }

  /** Installs, starts the replicas, and waits until the API server asks them. */
  static async install(options: InstallOptions): Promise<Installation> {
    const { controlPlane, policy, failClosed = false, replicas = 1 } = options
    const deploy = join(controlPlane.folder, 'deploy')
    await copyDeploy(deploy, { policy })
    const overlay = failClosed
      ? await failClosedOver(deploy, 'own-certificate')
      : join(deploy, 'overlays/own-certificate')
    const installation = new Installation(options, deploy, overlay)
    expectDone(await installation.apply())
    const { volumes } = await runnable(controlPlane.admin)
    for (const { name, files } of volumes) {
      const folder = join(controlPlane.folder, 'volumes', name)
      await mkdir(folder, { recursive: true })
      installation.#mounts.set(name, await Mount.at(folder, files))
    }
    await Promise.all(Array.from({ length: replicas }, () => installation.startReplica()))
    await installation.inUse()
    return installation
  }

  /** The mounted ConfigMap: `policy.yaml`. */
  get policyMount(): Mount {
    return this.#mount('policy')
  }

  /** The mounted Secret: `ca.crt`, `tls.crt`, `tls.key`. */
  get certificateMount(): Mount {
    return this.#mount('tls')
  }

  /** `kubectl apply -k` as the admin, of the copy as it stands now. What runs is not touched by it. */
  async apply(): Promise<Output> {
    const { kubectl: program, controlPlane } = this.#options
    return await kubectl(program, controlPlane.login('admin').kubeconfig)(['apply', '-k', this.overlay])
  }

  /** Starts one more, with what the Deployment says now, and leads the Service to it as well. */
  async startReplica(): Promise<Replica> {
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
    const replica = await Replica.start(controlPlane.supervisor, { name, main, args: mounted, env }, signal)
    this.replicas.push(replica)
    this.route()
    return replica
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

  /** Replaces the policy in the mount, and waits until all replicas have it in force. It has to differ from the last. */
  async changePolicy(text: string): Promise<void> {
    const inForce = this.replicas.map(({ log }) => log.next('policy in force'))
    await this.policyMount.write({ 'policy.yaml': text })
    await Promise.all(inForce)
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
