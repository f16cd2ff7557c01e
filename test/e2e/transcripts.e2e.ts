import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import type { TagPolicy } from '../../src/policy/schema.ts'
import { SUBMITTER_NAMESPACE } from '../control-plane/users.ts'
import { expectDone } from './kubectl.ts'
import { policy } from './policy.ts'
import { programs } from './programs.ts'
import { type SetUp, setUp } from './set-up.ts'
import { atTerminal } from './terminal.ts'
import { formatTranscript, parseTranscript, type Step, shown, words } from './transcript.ts'

/**
 * What a job submitter types and sees, to the letter: transcripts/*.txt.
 * Where a text has changed on purpose, `TAP_SNAPSHOT=1 make e2e E2E=test/e2e/transcripts.e2e.ts` writes what is printed
 * now into the files; read the difference aloud before it goes in.
 */
const TRANSCRIPTS = join(import.meta.dirname, 'transcripts')

/** An example of a tag is of today. */
const dateless = (said: string) => said.replace(/\b20\d{6}\b/g, '20261123')

t.test('at the terminal of a job submitter', async (t) => {
  const cluster = await setUp(t, { policy: policy({ mode: 'audit' }) })
  await mayDebug(cluster)
  for (const name of (await readdir(TRANSCRIPTS)).sort()) {
    t.test(name, async (t) => {
      const path = join(TRANSCRIPTS, name)
      const played = await play(t, cluster, parseTranscript(await readFile(path, 'utf8')))
      if (t.writeSnapshot) await writeFile(path, formatTranscript(played))
      await cleanUp(cluster)
    })
  }
})

let inForce = ''

/** Does what the steps say and compares. @returns the steps with what was printed this time */
async function play(t: Test, cluster: SetUp, steps: readonly Step[]): Promise<Step[]> {
  const folder = t.testdir()
  const { kubeconfig } = cluster.controlPlane.login('submitter')
  const played: Step[] = []
  for (const step of steps) {
    if (step.type === 'file') {
      await mkdir(join(folder, step.name, '..'), { recursive: true })
      await writeFile(join(folder, step.name), step.content)
    }
    if (step.type === 'policy' && step.spec !== inForce) {
      inForce = step.spec
      await cluster.tallyman.changePolicy(policy(parse(step.spec) as TagPolicy['spec']))
    }
    if (step.type === 'command') {
      const [program, ...args] = words(step.command)
      if (program !== 'kubectl') throw new Error(`Only kubectl is run, not ${program}`)
      const output = dateless(shown(await atTerminal(programs.kubectl, kubeconfig, args, folder)))
      if (!t.writeSnapshot) t.equal(output, step.output, step.command)
      played.push({ ...step, output })
    } else played.push(step)
  }
  return played
}

/** The role `edit` leaves out `kubectl debug`; who debugs is given it, as here. */
async function mayDebug({ as }: SetUp): Promise<void> {
  const admin = as('admin')
  const namespace = ['-n', SUBMITTER_NAMESPACE]
  const grant = ['--verb=get,patch,update', '--resource=pods/ephemeralcontainers', ...namespace]
  expectDone(await admin(['create', 'role', 'debug', ...grant]))
  expectDone(
    await admin(['create', 'rolebinding', 'debug', '--role=debug', '--user=submitter', ...namespace]),
  )
}

async function cleanUp({ as }: SetUp): Promise<void> {
  const kinds = 'pods,jobs,cronjobs,deployments'
  expectDone(await as('admin')(['delete', kinds, '--all', '-n', SUBMITTER_NAMESPACE]))
}
