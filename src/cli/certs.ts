import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { Command } from 'commander'
import { developmentCertificates, VALID_DAYS } from '../certificates/development.ts'
import { checkPair } from '../certificates/pair.ts'
import { writeCertificates } from '../certificates/write.ts'
import { CommandError, type CommandModule, EXIT } from './command.ts'
import { hostOption } from './listen-address.ts'

export interface CertsOptions {
  readonly out: string
  readonly host?: readonly string[]
  readonly keep?: boolean
}

/** Loopback for a webhook on this machine, and the names of the Service that deploy/ makes. */
const HOSTS: readonly string[] = [
  'localhost',
  '127.0.0.1',
  '::1',
  'tallyman.tallyman.svc',
  'tallyman.tallyman.svc.cluster.local',
]

/** What is about to expire is made anew: whoever starts tallyman for a week of work should not be cut off in it. */
const KEEP_DAYS = 7
const DAY_MS = 24 * 60 * 60 * 1000

const HELP = `
Writes ca.crt, tls.crt and tls.key. They are for development and for clusters without cert-manager:
the CA's own key is forgotten as soon as it has signed, so a further name means making all anew.

Examples:
  tallyman certs --out certs
  tallyman certs --out certs --host webhook.example.com --host 192.0.2.7
  tallyman certs --out certs --keep         leaves good ones alone`

/** `tallyman certs`: a development CA and the serving certificate it signs. */
export const certs: CommandModule<CertsOptions> = {
  configure(command: Command): void {
    command
      .requiredOption('--out <dir>', 'the directory to write to; made where it is missing')
      .addOption(hostOption('--host <name...>', `a name or an address to serve, beside ${HOSTS.join(', ')}`))
      .option('--keep', `keep what is there while it is valid for ${KEEP_DAYS} days and serves all names`)
      .addHelpText('after', HELP)
  },

  async run(_args, { out, host = [], keep = false }, { stdout }) {
    if (out === '') throw new CommandError('--out names no directory; . is the one you are in')
    const hosts = [...new Set([...HOSTS, ...host])]
    const now = new Date()
    const good = keep ? validUntil(out, hosts, now) : undefined
    if (good !== undefined) {
      stdout.write(`Kept ${join(out, 'tls.crt')}, valid until ${day(good)}.\n`)
      return EXIT.done
    }
    const replaced = ['ca.crt', 'tls.crt', 'tls.key'].filter((name) => existsSync(join(out, name)))
    let paths: readonly string[]
    try {
      paths = await writeCertificates(out, await developmentCertificates(hosts, { now }))
    } catch (error) {
      throw new CommandError(`cannot write to ${out}: ${unwritable(error)}`)
    }
    const expiry = new Date(now.getTime() + VALID_DAYS * DAY_MS)
    const lines = [
      `${replaced.length === 0 ? 'Made' : 'Replaced'} ${paths.join(', ')}, valid until ${day(expiry)} for`,
      `  ${hosts.join(', ')}`,
      ...(replaced.includes('ca.crt') ? ['Whoever trusts the old ca.crt needs the new one.'] : []),
      // With --keep it is a step of a script, which knows what comes next.
      ...(keep ? [] : next(out)),
    ]
    stdout.write(`${lines.join('\n')}\n`)
    return EXIT.done
  },
}

function next(out: string): string[] {
  return [
    'Next:',
    `  tallyman serve --tls-cert ${join(out, 'tls.crt')} --tls-key ${join(out, 'tls.key')}`,
    `  base64 < ${join(out, 'ca.crt')} | tr -d '\\n'     for caBundle in a ValidatingWebhookConfiguration`,
  ]
}

const UNWRITABLE: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EEXIST: 'a file or a broken link is in the way',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'no directory can be made there',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is no directory',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
}

function unwritable(error: unknown): string {
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException
  return UNWRITABLE[code] ?? message
}

/** Until when the certificates of a directory will do; undefined where they are missing, broken, near their end, or serve other names. */
function validUntil(directory: string, hosts: readonly string[], now: Date): Date | undefined {
  try {
    const [ca = '', certificate = '', key = ''] = ['ca.crt', 'tls.crt', 'tls.key'].map((name) =>
      readFileSync(join(directory, name), 'utf8'),
    )
    const { notAfter } = checkPair(certificate, key)
    const leaf = new X509Certificate(certificate)
    const serves = hosts.every((host) =>
      isIP(host) === 0 ? leaf.checkHost(host) !== undefined : leaf.checkIP(host) !== undefined,
    )
    const signed = leaf.verify(new X509Certificate(ca).publicKey)
    return serves && signed && notAfter.getTime() - now.getTime() > KEEP_DAYS * DAY_MS ? notAfter : undefined
  } catch {
    // Whatever is the matter with them, new ones mend it.
    return undefined
  }
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10)
}
