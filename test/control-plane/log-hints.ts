import { statfs } from 'node:fs/promises'

/** What servers and compilers print when the machine is at fault, and what a person can do about it. */
const HINTS: readonly [sign: RegExp, hint: string][] = [
  [
    /no space left on device|ENOSPC|database space exceeded/i,
    'The disk is full: free some space and try again.',
  ],
  [/address already in use|EADDRINUSE/i, 'Another process took a port meanwhile: try again.'],
  [/too many open files|EMFILE/i, 'Too many files are open: raise the limit with `ulimit -n 4096`.'],
  [/cannot allocate memory|signal: killed|out of memory/i, 'The machine has too little free memory.'],
  [/permission denied|EACCES/i, 'A file or folder may not be used: look at its owner.'],
  [
    /@v\S+: .*(dial tcp|no such host|i\/o timeout|TLS handshake timeout|Forbidden)/i,
    'Go modules could not be downloaded: look at the network and at `go env GOPROXY`.',
  ],
]

/** How many of a log's last lines are shown. */
const TAIL = 12

/** A space and a sentence about the cause that a log hints at, or nothing. */
export function explainLog(log: string): string {
  const hint = HINTS.find(([sign]) => sign.test(log))?.[1]
  return hint === undefined ? '' : ` ${hint}`
}

/**
 * A message, and what can be done where the machine is at fault.
 * @param folder whose file system may be full: then servers end without having logged it
 */
export async function explained(message: string, folder: string): Promise<string> {
  if (HINTS.some(([, hint]) => message.includes(hint))) return message
  const hint = explainLog((await isFull(folder)) ? 'ENOSPC' : message)
  return hint === '' ? message : `${message.replace(/\.$/, '')}.${hint}`
}

/** Less is left than a server needs to begin. */
const FULL_BYTES = 1024 * 1024

async function isFull(folder: string): Promise<boolean> {
  const left = await statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => Infinity,
  )
  return left < FULL_BYTES
}

/** Another process took a port between our choice and its use. */
export function portWasTaken(log: string): boolean {
  return /address already in use|EADDRINUSE/i.test(log)
}

/** The last lines of a log, indented; empty lines are left out. */
export function tail(log: string): string {
  const lines = log.split('\n').filter((line) => line.trim() !== '')
  return lines
    .slice(-TAIL)
    .map((line) => `  ${line.slice(0, 300)}`)
    .join('\n')
}
