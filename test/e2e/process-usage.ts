import { readdir, readFile } from 'node:fs/promises'

/** What a process holds and has spent. */
export interface ProcessUsage {
  /** Resident memory. */
  readonly residentMB: number
  /** Open files and sockets. */
  readonly files: number
  /** Processor time since its start. */
  readonly cpuSeconds: number
}

/** Of `/proc/PID/stat`: Linux counts in hundredths of a second, whatever the machine (USER_HZ). */
const TICKS_PER_SECOND = 100

/** Asks Linux; other systems have no /proc. */
export async function processUsage(pid: number): Promise<ProcessUsage> {
  const folder = `/proc/${pid}`
  const [status, stat, files] = await Promise.all([
    readFile(`${folder}/status`, 'utf8'),
    readFile(`${folder}/stat`, 'utf8'),
    readdir(`${folder}/fd`),
  ])
  // Behind the name in brackets, which may hold spaces: the 12th and 13th field (proc(5): utime, stime).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return {
    residentMB: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024,
    files: files.length,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
  }
}
