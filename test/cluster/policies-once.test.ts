import t from 'tap'
import { type Api, ApiError } from '../../src/cluster/api.ts'
import { policiesOnce } from '../../src/cluster/policies-once.ts'

const POLICIES = '/apis/tallyman.dev/v1alpha1/tagpolicies'
const NAMESPACES = '/api/v1/namespaces'

/** An API server of a few lists, each of pages, and of a few objects; what it has not is an error. */
function apiOf(answers: Readonly<Record<string, readonly object[][] | object | ApiError>>): Api {
  const answer = (path: string) => {
    const found = answers[path] ?? new ApiError(`${path} not found`, 404, 'NotFound')
    if (found instanceof ApiError) throw found
    return found
  }
  return {
    get: async (path) => answer(path),
    async *list(path) {
      for (const items of answer(path) as object[][]) yield { items, resourceVersion: '1' }
    },
    send: () => Promise.reject(new Error('nothing is written')),
    // biome-ignore lint/correctness/useYield: nothing is followed
    async *watch() {
      throw new Error('nothing is followed')
    },
  }
}

const tagPolicy = (name: string, spec: object, status: object = {}) => ({
  metadata: { name, uid: 'u', resourceVersion: '7', generation: 2, managedFields: [] },
  spec,
  status,
})
const namespace = (name: string, labels?: object) => ({ metadata: { name, ...(labels && { labels }) } })

t.test('all of both lists, page by page', async (t) => {
  const read = await policiesOnce(
    apiOf({
      [POLICIES]: [
        [tagPolicy('default', { mode: 'enforce' })],
        [tagPolicy('lab', { mode: 'warn', namespaces: ['lab-*'] })],
      ],
      [NAMESPACES]: [
        [namespace('default')],
        [namespace('lab-a', { 'tallyman.dev/policy': 'lab', owner: 'x' })],
      ],
    }),
  )
  t.equal(read.policies.default.mode, 'enforce')
  t.equal(read.policies.find('lab')?.mode, 'warn')
  t.strictSame(
    [...read.namespaces.values()],
    [
      { name: 'default', labels: {} },
      { name: 'lab-a', labels: { 'tallyman.dev/policy': 'lab', owner: 'x' } },
    ],
  )
  t.match(read, { refused: [], installed: true })
})

t.test('one namespace alone, for whoever may not list them', async (t) => {
  const api = apiOf({
    [POLICIES]: [[]],
    [NAMESPACES]: new ApiError('may not', 403, 'Forbidden'),
    [`${NAMESPACES}/team-a`]: namespace('team-a', { a: 'b' }),
    [`${NAMESPACES}/../nodes`]: namespace('node'),
  })
  const namespaces = async (name: string) => [
    ...(await policiesOnce(api, { namespace: name })).namespaces.values(),
  ]
  t.strictSame(await namespaces('team-a'), [{ name: 'team-a', labels: { a: 'b' } }])
  t.strictSame(await namespaces('team-b'), [], 'one that does not exist')
  t.strictSame(await namespaces('../nodes'), [], 'a name is no path')
  await t.rejects(policiesOnce(api), { name: 'ApiError', status: 403 })
})

t.test(
  'a policy that makes no sense is told of, and the last one that was accepted is followed',
  async (t) => {
    const accepted = { generation: 1, spec: { mode: 'enforce' } }
    const { policies, refused } = await policiesOnce(
      apiOf({
        [POLICIES]: [
          [
            tagPolicy('default', { mode: 'enforced' }),
            tagPolicy('lab', { mode: 'audit' }),
            tagPolicy('team', { mode: 'enforced' }, { accepted }),
          ],
        ],
        [NAMESPACES]: [[]],
      }),
    )
    t.equal(policies.default.mode, 'warn', 'the built-in one holds')
    t.equal(policies.find('lab')?.mode, 'audit')
    t.equal(policies.find('team')?.mode, 'enforce')
    const problems = [{ field: 'spec.mode', message: 'there is no "enforced": did you mean enforce?' }]
    t.strictSame(refused, [
      { name: 'default', problems },
      { name: 'team', problems, inForce: 1 },
    ])
  },
)

t.test('a cluster that does not know the kind', async (t) => {
  const read = await policiesOnce(apiOf({ [NAMESPACES]: [[namespace('default')]] }))
  t.match(read, { installed: false, refused: [], policies: { default: { mode: 'warn' } } })
  t.equal(read.namespaces.size, 1)
})

t.test('policies that may not be read are an error', async (t) => {
  const api = apiOf({ [POLICIES]: new ApiError('may not', 403, 'Forbidden'), [NAMESPACES]: [[]] })
  await t.rejects(policiesOnce(api), { name: 'ApiError', status: 403 })
})
