import { isIP } from 'node:net'
import { InvalidArgumentError, Option } from 'commander'

const HIGHEST_PORT = 65535

/** A label of a host name. Source: RFC 1123, section 2.1. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i

/** A TCP port; 0 is any free one. @throws InvalidArgumentError */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= HIGHEST_PORT) return port
  throw new InvalidArgumentError(`A port is a number from 0 (any free one) to ${HIGHEST_PORT}.`)
}

/** An IP address, without brackets, or a host name. @throws InvalidArgumentError */
export function parseHost(text: string): string {
  const named = text.length <= 253 && text.split('.').every((label) => LABEL.test(label))
  // Names of digits only would be a mistyped address.
  if (isIP(text) !== 0 || (named && !/^[\d.]+$/.test(text))) return text
  throw new InvalidArgumentError('An address is an IP address, such as 127.0.0.1 or ::, or a host name.')
}

/** An option that takes several hosts. */
export function hostOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text: string, before: readonly string[] = []) => [
    ...before,
    parseHost(text),
  ])
}

/** An address as it stands in a URL. */
export function hostInUrl(address: string): string {
  return isIP(address) === 6 ? `[${address}]` : address
}
