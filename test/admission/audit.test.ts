import fc from 'fast-check'
import t from 'tap'
import { auditAnnotations } from '../../src/admission/audit.ts'
import type { Finding, Judgement } from '../../src/judge.ts'
import type { Exemption } from '../../src/policy/policy.ts'
import { anyFindings, isPlainLine } from './anything.ts'
import { finding, partialFinding } from './samples.ts'

const policy = { name: 'default' }
const exemption = (name: string): Exemption => ({
  name,
  reason: 'their installer pins it itself',
  globs: 1,
  matchesImage: () => true,
  matchesContainer: () => true,
  matchesNamespace: () => true,
})

function judgement(findings: Finding[], exemptions: Exemption[] = []): Judgement {
  return { findings, exemptions, switch: { mode: 'enforce', source: 'mode', problems: [] }, images: 1 }
}

t.test('nothing to say, no annotations', async (t) => t.same(auditAnnotations(judgement([]), policy), {}))

t.test('findings of every mode', async (t) =>
  t.strictSame(auditAnnotations(judgement([finding(), partialFinding({ mode: 'audit' })]), policy), {
    mode: 'enforce',
    policy: 'default',
    findings:
      '[{"mode":"enforce","rule":"latestTag","field":"spec.template.spec.containers[0].image","image":"registry.example.com/vision/resnet:latest"},' +
      '{"mode":"audit","rule":"partialTag","field":"spec.template.spec.initContainers[0].image","image":"busybox:1.36"}]',
  }),
)

t.test('exemptions that silenced everything', async (t) =>
  t.strictSame(auditAnnotations(judgement([], [exemption('vendor-agent'), exemption('legacy')]), policy), {
    mode: 'enforce',
    policy: 'default',
    exemption: 'vendor-agent, legacy',
  }),
)

t.test('many findings are counted', async (t) => {
  const { findings } = auditAnnotations(judgement(Array.from({ length: 14 }, () => finding())), policy)
  const entries = JSON.parse(findings ?? '')
  t.equal(entries.length, 11)
  t.same(entries.at(-1), { more: 4 })
})

t.test('whatever is found, the values are plain lines of bounded length', async () => {
  fc.assert(
    fc.property(anyFindings, (findings) => {
      const annotations = auditAnnotations(judgement(findings), policy)
      return (
        Object.keys(annotations).every((key) => /^\w+$/.test(key)) &&
        Object.values(annotations).every((value) => isPlainLine(value) && value.length < 16_000) &&
        Array.isArray(JSON.parse(annotations.findings ?? ''))
      )
    }),
  )
})
