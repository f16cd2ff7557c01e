import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What an image is: a root, and what is started in it. */
export interface Image {
  /** The folder that is its `/`; without what its base image holds. */
  readonly root: string
  readonly workdir: string
  readonly env: Readonly<Record<string, string>>
  readonly entrypoint: readonly string[]
  /** Arguments where none are given. */
  readonly cmd: readonly string[]
}

interface Stage {
  readonly root: string
  workdir: string
  env: Record<string, string>
  entrypoint: string[]
  cmd: string[]
}

/**
 * Builds what a Dockerfile says without a container engine: each stage is a folder, RUN is run in it as whoever calls, with the
 * Node and npm that are there, and the base images stay empty. Knows the instructions that deploy/Dockerfile has.
 * @param context where COPY copies from @param folder takes the stages @throws Error for an instruction that fails or is unknown
 */
export function buildImage(dockerfile: string, context: string, folder: string): Image {
  const stages = new Map<string, Stage>()
  let stage: Stage | undefined
  for (const [name, rest] of instructions(readFileSync(dockerfile, 'utf8'))) {
    if (name === 'ARG' || name === 'EXPOSE' || name === 'USER') continue // of base images and containers
    if (name === 'FROM') {
      const as = / AS (\S+)$/.exec(rest)?.[1] ?? 'image'
      stage = { root: join(folder, as), workdir: '/', env: {}, entrypoint: [], cmd: [] }
      stages.set(as, stage)
      mkdirSync(stage.root, { recursive: true })
    } else if (stage === undefined) throw new Error(`${name} before FROM`)
    else play(name, rest, stage, stages, context)
  }
  if (stage === undefined) throw new Error(`${dockerfile} has no FROM`)
  return stage
}

/** The instructions, each with what stands behind it on its lines. */
function instructions(text: string): [name: string, rest: string][] {
  return text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1).trim()])
}

function play(
  name: string,
  rest: string,
  stage: Stage,
  stages: ReadonlyMap<string, Stage>,
  context: string,
): void {
  const workdir = join(stage.root, stage.workdir)
  if (name === 'WORKDIR') {
    stage.workdir = rest
    mkdirSync(join(stage.root, rest), { recursive: true })
  } else if (name === 'COPY') {
    const from = /^--from=(\S+) /.exec(rest)
    const source = from === null ? context : stages.get(from[1] ?? '')?.root
    if (source === undefined) throw new Error(`COPY ${rest}: there is no such stage`)
    copy(rest.slice(from?.[0].length ?? 0).split(' '), source, workdir)
  } else if (name === 'RUN') run(rest, workdir)
  else if (name === 'ENV')
    for (const [, key = '', quoted, plain = ''] of rest.matchAll(/(\w+)=(?:"([^"]*)"|(\S*))/g))
      stage.env[key] = quoted ?? plain
  else if (name === 'ENTRYPOINT') stage.entrypoint = JSON.parse(rest)
  else if (name === 'CMD') stage.cmd = JSON.parse(rest)
  else throw new Error(`${name} is not known here; teach it to test/container/dockerfile.ts`)
}

/** Files go into the last path where that ends in a slash; of a folder, what is in it. */
function copy(paths: readonly string[], source: string, workdir: string): void {
  const to = join(workdir, paths.at(-1) ?? '')
  for (const path of paths.slice(0, -1)) {
    const folder = path.endsWith('/')
    cpSync(join(source, path), folder || !paths.at(-1)?.endsWith('/') ? to : join(to, path), {
      recursive: true,
      verbatimSymlinks: true,
    })
  }
}

function run(command: string, cwd: string): void {
  // tap puts hooks into each Node that its own processes start.
  const script = `unset NODE_OPTIONS; ${command}`
  const { status, stderr, stdout } = spawnSync('sh', ['-c', script], { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`RUN ${command} ended with exit code ${status}: ${stderr || stdout}`)
}
