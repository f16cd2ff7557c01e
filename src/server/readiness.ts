/** Something that has to hold before the API server may call. */
export interface Check {
  readonly name: string
  /** Why it does not hold now; undefined where it does. */
  problem(): string | undefined
  /** What is not in order where it holds nevertheless; undefined where nothing is. */
  fault?(): string | undefined
}

/** Whether all checks hold, and a line for each, as the API server's own /readyz prints them. */
export function readiness(checks: readonly Check[]): { ready: boolean; text: string } {
  const results = checks.map(({ name, problem, fault }) => ({ name, problem: problem(), fault: fault?.() }))
  const lines = results.map(({ name, problem, fault }) => {
    if (problem !== undefined) return `[-] ${name}: ${problem}`
    return fault === undefined ? `[+] ${name}` : `[+] ${name}, for now: ${fault}`
  })
  const ready = results.every(({ problem }) => problem === undefined)
  return { ready, text: `${[...lines, ready ? 'ready' : 'not ready'].join('\n')}\n` }
}
