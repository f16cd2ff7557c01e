import type { Judgement } from '../judge.ts'
import { isOver } from '../policy/date.ts'

/**
 * Judges an object by the exemptions that hold on the day from which its namespace denies: one that ends before covers nothing
 * that is denied then.
 * @param judgeAt judges the same object at another time
 */
export function judgeAhead(judgeAt: (time: Date) => Judgement, now: Date): Judgement {
  const today = judgeAt(now)
  const { deniedFrom } = today.switch
  if (deniedFrom === undefined) return today
  const day = new Date(deniedFrom)
  const ends = today.exemptions.some(({ expires }) => expires !== undefined && isOver(expires, day))
  if (!ends) return today
  const then = judgeAt(day)
  const findings = then.findings.map((finding) =>
    finding.mode === 'enforce' ? { ...finding, mode: today.switch.mode, deniedFrom } : finding,
  )
  return { ...then, findings, switch: today.switch }
}
