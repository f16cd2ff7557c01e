import { atTerminal, type Seen } from '../e2e/terminal.ts'
import { words } from '../e2e/transcript.ts'

/** A command, why it is worth trying, and what it answers. */
export interface Sample extends Seen {
  readonly command: string
  readonly about: string
}

/** To be typed one after another, in the root of the checkout, by somebody who may edit workloads. */
const COMMANDS: readonly (readonly [about: string, command: string])[] = [
  ['no tag means latest', 'kubectl run web --image=nginx'],
  ['a full version', 'kubectl run web --image=nginx:1.25.3'],
  ['several findings, one message', 'kubectl create -f test/fixtures/manifests/job.yaml'],
  ['a tag that only warns', 'kubectl create deployment cache --image=redis:alpine'],
  ['an update to a release line', 'kubectl set image deployment/cache redis=redis:7'],
  ['what changes no image always goes through', 'kubectl scale deployment/cache --replicas=3'],
]

/** Takes away what the commands have made, so that they answer the same again. */
const CLEAN_UP = 'kubectl delete --ignore-not-found pod/web deployment/cache job/resnet'

/**
 * Types the commands and takes away what they made.
 * @param program the path of kubectl
 * @param root of the checkout
 */
export async function sampleSession(program: string, kubeconfig: string, root: string): Promise<Sample[]> {
  const type = (command: string) => atTerminal(program, kubeconfig, words(command).slice(1), root)
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
