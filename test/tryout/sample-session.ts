import { atTerminal, type Seen } from '../e2e/terminal.ts'
import { words } from '../e2e/transcript.ts'

/** A command, why it is worth trying, and what it answers. */
export interface Sample extends Seen {
  readonly command: string
  readonly about: string
}

/** Where a policy is toggled: whatever the cluster's says, it only warns here, of a workload that would be denied. */
export const LAB: readonly object[] = [
  {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'lab', labels: { 'tallyman.dev/mode': 'warn' } },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'old', namespace: 'lab' },
    spec: {
      selector: { matchLabels: { app: 'old' } },
      template: {
        metadata: { labels: { app: 'old' } },
        spec: { containers: [{ name: 'nginx', image: 'nginx:1.25' }] },
      },
    },
  },
]

/**
 * To be typed one after another, in the root of the checkout, by somebody who may edit workloads; the last one by an admin,
 * whose kubeconfig is $ADMIN.
 */
const COMMANDS: readonly (readonly [about: string, command: string])[] = [
  ['no tag means latest', 'kubectl run web --image=nginx'],
  ['several findings, one message', 'kubectl create -f test/fixtures/manifests/job.yaml'],
  ['a tag that only warns', 'kubectl create deployment cache --image=redis:alpine'],
  ['an update to a release line', 'kubectl set image deployment/cache redis=redis:7'],
  ['what changes no image always goes through', 'kubectl scale deployment/cache --replicas=3'],
  [
    'what a label would deny, without setting it',
    'kubectl label namespace lab tallyman.dev/mode=enforce --overwrite --dry-run=server --kubeconfig=$ADMIN',
  ],
]

/** Takes away what the commands have made, so that they answer the same again. */
const CLEAN_UP = 'kubectl delete --ignore-not-found pod/web deployment/cache job/resnet'

/**
 * Types the commands and takes away what they made.
 * @param program the path of kubectl
 * @param kubeconfigs of somebody who may edit workloads, and of an admin
 * @param root of the checkout
 */
export async function sampleSession(
  program: string,
  { submitter, admin }: { submitter: string; admin: string },
  root: string,
): Promise<Sample[]> {
  const type = (command: string) =>
    atTerminal(program, submitter, words(command.replace('$ADMIN', admin)).slice(1), root)
  const samples: Sample[] = []
  for (const [about, command] of COMMANDS) samples.push({ about, command, ...(await type(command)) })
  const { code, output } = await type(CLEAN_UP)
  if (code !== 0) throw new Error(`Cleaning up after the sample commands failed: ${output.trim()}`)
  return samples
}

/** The samples as a terminal shows them, each below what it is about. */
export function samplesText(samples: readonly Sample[]): string {
  const texts = samples.map(
    ({ about, command, output }) => `  # ${about}\n  $ ${command}\n${indented(output.trimEnd())}`,
  )
  return texts.join('\n\n')
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}
