import type { Files } from './files.ts'
import { LOOPBACK } from './free-ports.ts'

/** etcd's flags: one member whose data nobody needs after a crash. */
export function etcdFlags({ etcdData }: Files, port: number): string[] {
  const clients = `http://${LOOPBACK}:${port}`
  const peers = `http://${LOOPBACK}:0` // nobody joins, so any port will do
  return [
    `--data-dir=${etcdData}`,
    '--name=test',
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=test=${peers}`,
    // A write need not survive a power failure, and a busy disk would otherwise decide how long a test takes.
    '--unsafe-no-fsync',
    '--log-level=warn',
  ]
}
