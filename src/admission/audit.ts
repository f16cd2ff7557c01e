import type { Finding, Judgement } from '../judge.ts'
import type { Policy } from '../policy/policy.ts'
import { fieldText } from './container-phrase.ts'
import { imageText } from './image-text.ts'
import { plainText } from './plain-text.ts'

/** An audit event is kept for every request; what is longer is found again with `tallyman lint`. */
const MAX_FINDINGS = 10

const MAX_NAMES = 1_000

/**
 * The annotations for the audit log; the API server puts the webhook's name and a slash before each key.
 * None where there is nothing to say, because most requests have nothing.
 *
 * `findings` is a JSON list of `{mode, rule, field, image}`, the strictest first; `{more: N}` at its end counts
 * what was left out.
 */
export function auditAnnotations(judgement: Judgement, policy: Pick<Policy, 'name'>): Record<string, string> {
  const { findings, exemptions } = judgement
  if (findings.length === 0 && exemptions.length === 0) return {}
  return {
    mode: judgement.switch.mode,
    policy: plainText(policy.name, 253),
    ...(findings.length > 0 && { findings: listOf(findings) }),
    ...(exemptions.length > 0 && {
      exemption: plainText(exemptions.map(({ name }) => name).join(', '), MAX_NAMES),
    }),
  }
}

function listOf(findings: readonly Finding[]): string {
  const entries: object[] = findings.slice(0, MAX_FINDINGS).map(({ mode, rule, container, image }) => ({
    mode,
    rule,
    field: fieldText(container.field),
    image: imageText(image),
  }))
  if (findings.length > entries.length) entries.push({ more: findings.length - entries.length })
  return JSON.stringify(entries)
}
