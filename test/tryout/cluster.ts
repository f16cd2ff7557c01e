/** Boots a control plane with tallyman in it, shows what to try with kubectl, and ends with Ctrl-C. */
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { parseDocument } from 'yaml'
import { PolicyFile } from '../../src/files/policy-file.ts'
import { MODES } from '../../src/policy/mode.ts'
import { binaries } from '../control-plane/binaries.ts'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { Interrupted, onInterrupt } from '../control-plane/interrupt.ts'
import { explained } from '../control-plane/log-hints.ts'
import { screen } from '../control-plane/screen.ts'
import { settings } from '../control-plane/settings.ts'
import { startControlPlane } from '../control-plane/start-control-plane.ts'
import { untilInterrupted } from '../control-plane/until-interrupted.ts'
import { USERS, type UserName } from '../control-plane/users.ts'
import { Installation } from '../e2e/installation.ts'
import { kubectl as asUser, expectDone } from '../e2e/kubectl.ts'
import { LAB, sampleSession, samplesText } from './sample-session.ts'

const HELP = `Usage: node test/tryout/cluster.ts [--mode MODE] [--policy FILE]

Boots a Kubernetes control plane on loopback, installs tallyman of this checkout into it with kubectl apply -k of deploy/ with
deploy/components/preview, applies a TagPolicy, prints kubeconfigs and commands to try, and stays until Ctrl-C.

  --mode     the policy's switch: enforce (the default here), warn, audit or disabled
  --policy   another policy than deploy/samples/tag-policy.yaml, named default as well
  KUBERNETES      the minor version, in the environment
`
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** The policy that holds where no label of a namespace names another. */
const POLICY_NAME = 'default'
const POLICY = join(ROOT, 'deploy/samples/tag-policy.yaml')

const signal = onInterrupt()
try {
  await main()
} catch (error) {
  const interrupted = error instanceof Interrupted || signal.aborted
  if (!interrupted) console.error(await explained((error as Error).message, tmpdir()))
  process.exitCode = interrupted ? (signal.reason as Interrupted).exitCode : 1
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      mode: { type: 'string', default: 'enforce' },
      policy: { type: 'string', default: POLICY },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return void console.log(HELP)
  const policy = await policyText(values.policy, values.mode)
  const chosen = settings(process.env)
  const programs = await binaries(chosen, process.env, screen, signal)
  // envtest's folders have none; then a Deployment makes no Pods.
  const controllers = programs['kube-controller-manager'] === undefined ? 'none' : 'service-accounts'
  console.log('Starting Kubernetes, and tallyman in it (some ten seconds) ...')
  const began = performance.now()
  const controlPlane = await startControlPlane({
    binaries: programs,
    logs: join(chosen.cache, 'logs'),
    controllers,
    signal,
  })
  try {
    const { kubectl } = programs
    const install = { overlay: 'managed', components: ['preview'] } as const
    const tallyman = await Installation.install({ controlPlane, kubectl, signal, policy, ...install })
    const seconds = (performance.now() - began) / 1000
    const kubeconfigs = {
      submitter: controlPlane.login('submitter').kubeconfig,
      admin: controlPlane.login('admin').kubeconfig,
    }
    expectDone(await asUser(kubectl, kubeconfigs.admin)(['apply', '-f', '-'], LAB))
    const samples = await sampleSession(kubectl, kubeconfigs, ROOT)
    signal.throwIfAborted()
    console.log(introduction(controlPlane, tallyman, programs.folder, seconds, samplesText(samples)))
    const replicas = tallyman.replicas.map(({ process }) => process)
    await untilInterrupted([...controlPlane.processes, ...replicas], signal)
  } finally {
    const kept = await controlPlane.stop({ keepLogs: !signal.aborted })
    if (kept !== undefined) console.error(`The logs are kept in ${kept}`)
  }
}

/** The text of a policy file with another switch; its comments stay. @throws Error that says what is wrong with either */
async function policyText(path: string, mode: string): Promise<string> {
  if (!MODES.some((known) => known === mode)) {
    throw new Error(`--mode ${mode}: expected ${MODES.join(', ')}`)
  }
  // Tells of what is wrong by file, line and field, before anything is started.
  const { name } = (await PolicyFile.open(path)).source.metadata
  if (name !== POLICY_NAME) {
    throw new Error(
      `${path}: metadata.name: ${name} would hold only where a namespace asks for it; here it has to be ${POLICY_NAME}`,
    )
  }
  const document = parseDocument(readFileSync(path, 'utf8'))
  document.setIn(['spec', 'mode'], mode)
  return document.toString({ lineWidth: 0 })
}

function introduction(
  controlPlane: ControlPlane,
  { replicas: [replica], overlay }: Installation,
  programs: string,
  seconds: number,
  samples: string,
): string {
  const kubeconfig = (name: UserName) => controlPlane.login(name).kubeconfig
  const owner = `KUBECONFIG=${kubeconfig('policy-owner')}`
  return `
Kubernetes ${controlPlane.version} with tallyman in it, ready after ${seconds.toFixed(1)} s. Ctrl-C ends both.

In another terminal, as a job submitter, who ${USERS.submitter.about}:
  export KUBECONFIG=${kubeconfig('submitter')} ADMIN=${kubeconfig('admin')} PATH=${programs}:$PATH

Six commands to try in this folder, and what they answer:

${samples}

As the policy owner, who ${USERS['policy-owner'].about}:
  ${owner} kubectl patch tagpolicy ${POLICY_NAME} --type=merge -p '{"spec":{"mode":"warn"}}'
  ${owner} npm run --silent tallyman -- policy show

What was applied with kubectl apply -k:  ${overlay}
What tallyman logs:                      ${replica?.process.log}
What it counts:                          curl http://127.0.0.1:${replica?.probePort}/metrics
There is no node: Pods are admitted and stay Pending.`
}
