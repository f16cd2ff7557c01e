import t from 'tap'
import { compilePolicy } from '../../src/policy/compile.ts'
import type { TagPolicySpec } from '../../src/policy/schema.ts'
import { MAX_TRIES, unmatchedExemptions } from '../../src/policy/unmatched-exemptions.ts'

type Namespaces = readonly string[] | undefined

/**
 * What is found, what it took, and the most of it in one step.
 * @param exemptions the globs of each over namespaces; it is called after its index
 */
function looked(exemptions: readonly Namespaces[], held: readonly string[]) {
  const spec: TagPolicySpec = {
    exemptions: exemptions.map((namespaces, index) => ({
      name: `${index}`,
      images: ['a'],
      reason: 'r',
      ...(namespaces && { namespaces: [...namespaces] }),
    })),
  }
  const tagPolicy = {
    apiVersion: 'tallyman.dev/v1alpha1',
    kind: 'TagPolicy',
    metadata: { name: 'p' },
    spec,
  } as const
  let tries = 0
  let step = 0
  const compiled = compilePolicy(tagPolicy).exemptions.map((exemption, index) => ({
    ...exemption,
    matchesNamespace: (name: string) => {
      const globs = exemptions[index]?.length ?? 1
      tries += globs
      step += globs
      return exemption.matchesNamespace(name)
    },
  }))
  const steps = unmatchedExemptions({ exemptions: compiled }, tagPolicy, held)
  let most = 0
  for (;;) {
    step = 0
    const { done, value } = steps.next()
    most = Math.max(most, step)
    if (done) return { unmatched: value, tries, most }
  }
}

const cases: [what: string, exemptions: readonly Namespaces[], held: string[], unmatched: string[]][] = [
  ['globs that take in one of them', [['team-*'], ['lab-*', '*-b']], ['team-a', 'team-b'], []],
  ['globs that take in none', [['team-*'], ['lab-*', 'x']], ['team-a'], ['1']],
  ['no globs: all', [undefined, ['x']], ['team-a'], ['1']],
  ['a policy that holds nowhere', [undefined, ['team-*']], [], ['0', '1']],
  ['a policy without exemptions', [], ['team-a'], []],
]
for (const [what, exemptions, held, unmatched] of cases)
  t.test(what, async (t) => t.strictSame(looked(exemptions, held).unmatched, unmatched))

t.test('where an exemption says nothing, the built-in ones are looked at', async (t) => {
  const tagPolicy = {
    apiVersion: 'tallyman.dev/v1alpha1',
    kind: 'TagPolicy',
    metadata: { name: 'p' },
    spec: {},
  } as const
  t.strictSame(unmatchedExemptions(compilePolicy(tagPolicy), tagPolicy, []).next(), {
    done: true,
    value: ['istio-gateway'],
  })
})

const names = (count: number) => Array.from({ length: count }, (_, index) => `team-${index}`)
const globs = (count: number) => Array.from({ length: count }, (_, index) => `lab-${index}-*`)
const nowhere = (count: number, each: number) => Array.from({ length: count }, () => globs(each))

t.test('10,000 namespaces, in steps', async (t) => {
  for (const [count, each] of [
    [60, 5],
    [10, 100],
  ] as const) {
    const { unmatched, tries, most } = looked(nowhere(count, each), names(10_000))
    t.equal(unmatched.length, count)
    t.equal(tries, count * each * 10_000)
    t.ok(most <= 200, `${most} globs in a step`)
  }
})

t.test('more than there is time for', async (t) => {
  const { unmatched, tries, most } = looked([['x'], ...nowhere(250, 10)], names(10_000))
  t.ok(tries <= MAX_TRIES, `${tries}`)
  t.equal(unmatched.length, 200, 'of those that are not looked at nothing is said')
  t.ok(most <= 200, `${most} globs in a step`)
})
