import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { type Accepted, accept, type StoredPolicy, storedPolicy } from '../../src/policy/accepted.ts'
import { check } from '../../src/policy/check.ts'
import { objectTree } from '../../src/policy/object-tree.ts'
import { policySet } from '../../src/policy/policy-set.ts'
import {
  type ClusterState,
  namespacesByPolicy,
  policyStatus,
  type Registration,
} from '../../src/policy/policy-status.ts'
import { MAX_CONDITION_MESSAGE, StatusSchema } from '../../src/policy/status-schema.ts'
import { unmatchedExemptions } from '../../src/policy/unmatched-exemptions.ts'
import { tagPolicies } from './tag-policies.ts'

const NOW = new Date('2026-11-27T12:34:56.789Z')
const REGISTERED: Registration = { status: 'True' }

function stored(name: string, spec: object, more: object = {}): StoredPolicy {
  return storedPolicy({ metadata: { name, uid: 'u', resourceVersion: '1', generation: 3 }, spec, ...more })
}

function cluster(
  policies: readonly StoredPolicy[],
  namespaces: Readonly<Record<string, string | undefined>> = {},
  registration = REGISTERED,
  known: ReadonlyMap<string, Accepted> = new Map(),
): ClusterState {
  const accepted = accept(policies, known)
  const labelled = Object.entries(namespaces).map(([name, policy]) => {
    const labels: Record<string, string> = policy === undefined ? {} : { 'tallyman.dev/policy': policy }
    return { name, labels }
  })
  return {
    accepted,
    policies: policySet(new Map([...accepted].map(([name, { tagPolicy }]) => [name, tagPolicy]))),
    namespaces: labelled,
    registration,
  }
}

function statusOf(policy: StoredPolicy, state: ClusterState, now = NOW) {
  const held = done(namespacesByPolicy(state)).get(policy.name) ?? []
  const inForce = state.policies.find(policy.name)
  const source = state.accepted.get(policy.name)
  const unmatched = inForce && source ? done(unmatchedExemptions(inForce, source.tagPolicy, held)) : []
  return policyStatus(policy, { held, unmatched }, state, now)
}

/** Does all steps at once. */
function done<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

t.test('of a policy that is in force', async (t) => {
  const policy = stored('default', { mode: 'enforce' })
  const state = cluster([policy, stored('lab', {})], { b: undefined, a: undefined, lab: 'lab' })
  t.strictSame(statusOf(policy, state), {
    observedGeneration: 3,
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'Accepted',
        message: 'Generation 3 is in force.',
        observedGeneration: 3,
        lastTransitionTime: '2026-11-27T12:34:56Z',
      },
      {
        type: 'Registered',
        status: 'True',
        reason: 'Registered',
        message: 'The API server sends every kind.',
        observedGeneration: 3,
        lastTransitionTime: '2026-11-27T12:34:56Z',
      },
    ],
    accepted: { generation: 3, spec: { mode: 'enforce' } },
    namespaces: { count: 2, names: ['a', 'b'] },
    exemptions: { count: 1, expired: [], unmatched: [] },
  })
  t.match(statusOf(stored('lab', {}), state), {
    namespaces: { count: 1, names: ['lab'] },
    conditions: { length: 1 },
  })
})

t.test('of one that is refused', async (t) => {
  const bad = stored('default', { mode: 'off', rules: { latestTags: 'warn' } })
  t.equal(
    statusOf(bad, cluster([bad])).conditions?.[0]?.message,
    'spec.mode: there is no "off": the mode is called disabled; spec.rules.latestTags: unknown rule: did you mean latestTag? No spec of it was ever accepted, so it holds nowhere.',
  )
  const known = accept([stored('default', {})], new Map())
  const state = cluster([bad], {}, REGISTERED, known)
  t.match(statusOf(bad, state), {
    conditions: [
      { type: 'Ready', status: 'False', reason: 'Refused', message: /Generation 3 stays in force\.$/ },
    ],
    accepted: { generation: 3, spec: {} },
  })
})

t.test('mistakes without end have an end', async (t) => {
  const rules = Object.fromEntries(
    Array.from({ length: 90 }, (_, index) => [`rule${'x'.repeat(60)}${index}`, 'warn']),
  )
  const bad = stored('default', { rules })
  const message = statusOf(bad, cluster([bad])).conditions?.[0]?.message ?? ''
  t.ok(message.length <= MAX_CONDITION_MESSAGE, String(message.length))
  t.match(message, /And \d+ more mistakes\. No spec/)
})

t.test('exemptions that have ended, and those for no namespace of the policy', async (t) => {
  const exemption = (name: string, more: object) => ({ name, images: ['a'], reason: 'r', ...more })
  const policy = stored('default', {
    exemptions: [
      exemption('yesterday', { expires: '2026-11-26' }),
      exemption('today', { expires: '2026-11-27' }),
      exemption('team', { namespaces: ['team-*'] }),
      exemption('nobody', { namespaces: ['lab-*'] }),
    ],
  })
  const state = cluster([policy], { 'team-a': undefined })
  t.strictSame(statusOf(policy, state).exemptions, {
    count: 4,
    expired: ['yesterday'],
    unmatched: ['nobody'],
  })
  t.strictSame(statusOf(policy, state, new Date('2026-11-28T00:00:00Z')).exemptions?.expired, [
    'yesterday',
    'today',
  ])
})

t.test('a condition keeps its time while its status stays', async (t) => {
  const time = '2026-01-01T00:00:00Z'
  const before = { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: time }] }
  const policy = stored('team', {}, { status: before })
  t.equal(statusOf(policy, cluster([policy])).conditions?.[0]?.lastTransitionTime, time)
  const bad = stored('team', { mode: 'off' }, { status: before })
  t.not(statusOf(bad, cluster([bad])).conditions?.[0]?.lastTransitionTime, time)
  for (const status of [null, 1, { conditions: 'a' }, { conditions: [null, { type: 'Ready' }] }]) {
    const odd = stored('team', {}, { status })
    t.equal(statusOf(odd, cluster([odd])).conditions?.[0]?.lastTransitionTime, '2026-11-27T12:34:56Z')
  }
})

t.test('kinds that are not sent', async (t) => {
  const registration: Registration = {
    status: 'False',
    reason: 'KindsNotSent',
    message: 'Engine is not sent',
  }
  const policy = stored('default', {})
  t.match(statusOf(policy, cluster([policy], {}, registration)).conditions?.[1], {
    type: 'Registered',
    ...registration,
  })
})

t.test('many namespaces are counted', async (t) => {
  const policy = stored('default', {})
  const names = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`n${index}`, undefined]))
  t.match(statusOf(policy, cluster([policy], names)).namespaces, { count: 200, names: { length: 50 } })
})

/** Texts that a policy may hold where it is refused. */
const anyText = fc.string({ unit: 'binary', maxLength: 60 })
const anySpec = fc.oneof(
  tagPolicies.map(({ spec }) => spec),
  fc.record({ mode: anyText, rules: fc.dictionary(anyText, anyText), exemptions: fc.array(anyText) }),
)

/** As it comes back from an API server, which keeps no half of a character. */
function kept(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, part) =>
    typeof part === 'string' ? part.toWellFormed() : part,
  )
}

t.test('the API server takes any status and keeps it as it is, so that nobody writes it again', async () => {
  fc.assert(
    fc.property(anySpec, (spec) => {
      const policy = stored('default', kept(spec) as object)
      const status = statusOf(policy, cluster([policy], { 'team-a': undefined }))
      const tree = objectTree(status, StatusSchema)
      check(tree, StatusSchema)
      assert.deepStrictEqual(tree.problems.inOrder(), [])
      assert.deepStrictEqual(kept(status), status)
    }),
  )
})
