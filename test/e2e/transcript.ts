/** A step of a transcript: a file that is there from then on, a policy that holds from then on, or a command. */
export type Step =
  | { readonly type: 'comment'; readonly text: string }
  | { readonly type: 'file'; readonly name: string; readonly content: string }
  | { readonly type: 'policy'; readonly spec: string }
  | { readonly type: 'command'; readonly command: string; readonly output: string }

const FILE = /^-- (\S+) --$/
const POLICY = '# TagPolicy: '

/**
 * Reads a transcript: what somebody typed at a terminal, and what they saw.
 *
 *     # A comment.
 *     # TagPolicy: {mode: enforce}
 *     -- pod.yaml --
 *     apiVersion: v1
 *     $ kubectl create -f pod.yaml
 *     pod/a created
 *
 * Empty lines are for the eye; those at the end of a file or of an output are left out.
 */
export function parseTranscript(text: string): Step[] {
  const blocks: [head: string, body: string[]][] = []
  for (const line of text.split('\n')) {
    if (line.startsWith('$ ') || line.startsWith('# ') || FILE.test(line)) blocks.push([line, []])
    else if (blocks.length > 0) blocks.at(-1)?.[1].push(line)
    else if (line !== '')
      throw new SyntaxError(`A transcript begins with #, $ or -- NAME --, not with ${line}`)
  }
  return blocks.map(([head, lines]) => {
    const body = lines.join('\n').trimEnd()
    const file = FILE.exec(head)?.[1]
    if (file !== undefined) return { type: 'file', name: file, content: `${body}\n` }
    if (head.startsWith('$ ')) return { type: 'command', command: head.slice(2), output: body }
    if (body !== '') throw new SyntaxError(`After "${head}" a command or a file is expected, not ${body}`)
    return head.startsWith(POLICY)
      ? { type: 'policy', spec: head.slice(POLICY.length) }
      : { type: 'comment', text: head.slice(2) }
  })
}

/** What a terminal shows of a command, as a transcript holds it. */
export function shown({ code, output }: { code: number; output: string }): string {
  const failed = code === 0 ? '' : `\n[exit ${code}]`
  return `${output.trimEnd()}${failed}`.trimStart()
}

/** The text of a transcript again, for when what is printed has changed on purpose. */
export function formatTranscript(steps: readonly Step[]): string {
  const texts = steps.map((step, index) => {
    const follows = steps[index - 1]?.type
    if (step.type === 'comment') return `${follows === 'comment' || index === 0 ? '' : '\n'}# ${step.text}\n`
    if (step.type === 'policy') return `${POLICY}${step.spec}\n`
    if (step.type === 'file') return `-- ${step.name} --\n${step.content}`
    return `$ ${step.command}\n${step.output}${step.output === '' ? '' : '\n'}`
  })
  return texts.join('')
}

/** The words of a command: separated by spaces, which count for nothing between single quotes. */
export function words(command: string): string[] {
  return (command.match(/(?:'[^']*'|[^\s'])+/g) ?? []).map((word) => word.replaceAll("'", ''))
}
