import fc from 'fast-check'
import { ALL_NEW, type Changes } from '../../src/admission/changes.ts'
import type { Occasion } from '../../src/admission/occasion.ts'
import type { Finding } from '../../src/judge.ts'
import { RULE_IDS } from '../../src/policy/rule-modes.ts'
import type { Remedy } from '../../src/rules/remedy.ts'
import type { Container } from '../../src/workload/container.ts'
import { container, occasion, podRequest, request } from './samples.ts'

/** Text that wants to be taken for something else, of any length. */
const text = fc.oneof(
  { weight: 2, arbitrary: fc.string({ unit: 'binary' }) },
  fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\r', '\u001b', '\u202e', '/', ':'), maxLength: 400 }),
  fc.constantFrom('', 'nginx:latest', 'x'.repeat(5000), '\n- container "y" [latestTag]', 'a b '.repeat(500)),
)
const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: undefined })

const anyContainer: fc.Arbitrary<Container> = fc
  .record({
    list: fc.constantFrom('containers', 'initContainers', 'ephemeralContainers', 'volumes', 'image'),
    name: text,
    group: maybe(text),
    image: maybe(text),
    pullPolicy: maybe(text),
    field: text,
  })
  .map((change) => container(change as Partial<Container>))

const anyRemedy: fc.Arbitrary<Remedy> = fc.record({
  image: maybe(text),
  comment: maybe(text),
  alternative: maybe(text),
  pullPolicy: fc.constantFrom('Always', 'IfNotPresent', undefined),
  command: maybe(text),
  sentence: text,
})

const expired = fc
  .record({ name: text, expires: fc.constant('2026-10-31'), reason: text })
  .map((exemption) => ({
    ...exemption,
    globs: 1,
    matchesImage: () => true,
    matchesContainer: () => true,
    matchesNamespace: () => true,
  }))

const anyFinding: fc.Arbitrary<Finding> = fc.record({
  rule: fc.constantFrom(...RULE_IDS),
  mode: fc.constantFrom('audit', 'warn', 'enforce'),
  deniedFrom: fc.constantFrom('2026-12-07', '2027-01-11', undefined),
  container: anyContainer,
  image: text,
  problem: text,
  action: text,
  remedy: maybe(anyRemedy).map((remedy) => () => remedy),
  hint: maybe(text),
  expired: maybe(expired),
})

/** Findings as hostile as their types allow. */
export const anyFindings: fc.Arbitrary<Finding[]> = fc.array(anyFinding, { minLength: 1, maxLength: 30 })

/** Where they may be found: objects of any name, new or stored. */
export const anyOccasion: fc.Arbitrary<Occasion> = fc
  .record({
    name: text,
    pod: fc.boolean(),
    operation: fc.constantFrom('CREATE', 'UPDATE'),
    from: maybe(text),
    unchanged: fc.boolean(),
  })
  .map(({ name, pod, operation, from, unchanged }) => {
    const changes: Changes = { ...ALL_NEW, isUnchanged: () => unchanged, keptPolicyFrom: () => from }
    return occasion((pod ? podRequest : request)({ name, operation: operation as 'CREATE' }), changes)
  })

/** Whether a text is one line of printable ASCII. */
export function isPlainLine(line: string): boolean {
  return /^[\x20-\x7e]*$/.test(line)
}
