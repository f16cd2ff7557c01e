/** Boots a control plane to play with, says how to use it, and ends with Ctrl-C. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { binaries } from './binaries.ts'
import type { ControlPlane } from './control-plane.ts'
import { Interrupted, onInterrupt } from './interrupt.ts'
import { screen } from './screen.ts'
import { settings } from './settings.ts'
import { startControlPlane } from './start-control-plane.ts'
import { untilInterrupted } from './until-interrupted.ts'
import { USERS } from './users.ts'

const HELP = `Usage: node test/control-plane/cluster.ts [--controllers service-accounts|one-user|none]

Boots etcd, kube-apiserver and kube-controller-manager on loopback, prints a kubeconfig, and stays until Ctrl-C.
The programs are built when they are first needed; KUBEBUILDER_ASSETS names a folder that has them already.

  --controllers   as whom the controllers act: each as its own service account (the default, as kubeadm sets it up),
                  all as system:kube-controller-manager, or not at all
  KUBERNETES      the minor version, in the environment
`

const signal = onInterrupt()
try {
  await main()
} catch (error) {
  if (!(error instanceof Interrupted)) console.error((error as Error).message)
  process.exitCode = error instanceof Interrupted ? error.exitCode : 1
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      controllers: { type: 'string', default: 'service-accounts' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return void console.log(HELP)
  const { controllers } = values
  if (controllers !== 'service-accounts' && controllers !== 'one-user' && controllers !== 'none') {
    throw new Error(`--controllers ${controllers}: expected service-accounts, one-user or none`)
  }
  const chosen = settings(process.env)
  const programs = await binaries(chosen, process.env, screen, signal)
  const began = performance.now()
  const controlPlane = await startControlPlane({
    binaries: programs,
    logs: join(chosen.cache, 'logs'),
    controllers,
    signal,
  })
  try {
    console.log(introduction(controlPlane, programs.folder, (performance.now() - began) / 1000))
    await untilInterrupted(controlPlane.processes, signal)
  } finally {
    const kept = await controlPlane.stop({ keepLogs: !signal.aborted })
    if (kept !== undefined) console.error(`The logs are kept in ${kept}`)
  }
}

function introduction(controlPlane: ControlPlane, programs: string, seconds: number): string {
  const users = Object.values(USERS)
    .filter(({ name }) => name !== 'admin')
    .map(({ name, about }) => `  ${controlPlane.login(name).kubeconfig}\n      ${name}: ${about}`)
  return `
Kubernetes ${controlPlane.version} on ${controlPlane.server}, ready after ${seconds.toFixed(1)} s. Ctrl-C ends it.

In another terminal, as the admin:
  export KUBECONFIG=${controlPlane.login('admin').kubeconfig} PATH=${programs}:$PATH
  kubectl get namespaces

Kubeconfigs of others:
${users.join('\n')}

Logs, the audit log among them: ${join(controlPlane.folder, 'logs')}
There is no node: Pods are admitted and stay Pending.`
}
