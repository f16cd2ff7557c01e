import t from 'tap'
import type { Answer } from '../control-plane/api-client.ts'
import { headlineOf, verdictOf } from './verdict.ts'

const denial = (...rules: string[]) => ({
  message: 'admission webhook "image-tags.tallyman.dev" denied the request: Pod "a": no\n- container "main"',
  details: { causes: rules.map((reason) => ({ reason, field: 'spec.containers[0].image', message: 'no' })) },
})
const OURS = 'Pod/a, container "main": nginx:stable moves; write nginx:1.2.3. [floatingTag]'

const cases: [what: string, answer: Answer, verdict: string][] = [
  ['no word', { status: 201, body: {}, warnings: [] }, 'admitted'],
  ['a warning', { status: 201, body: {}, warnings: [OURS] }, 'warned: floatingTag'],
  [
    'a warning of others',
    { status: 200, body: {}, warnings: ['unknown field "x"'] },
    'warned: unknown field "x"',
  ],
  [
    'a denial',
    { status: 403, body: denial('latestTag', 'partialTag'), warnings: [] },
    'denied: latestTag,partialTag',
  ],
  [
    'both',
    { status: 403, body: denial('latestTag'), warnings: [OURS] },
    'denied: latestTag, warned: floatingTag',
  ],
  ['a refusal of others', { status: 403, body: { message: 'no rights' }, warnings: [] }, '403: no rights'],
  ['a page', { status: 404, body: '404 page not found', warnings: [] }, '404: "404 page not found"'],
]
for (const [what, answer, verdict] of cases) {
  t.test(`${what} is read as ${verdict}`, async (t) => t.equal(verdictOf(answer), verdict))
}

t.test('the headline of a denial is what tallyman said first', async (t) => {
  t.equal(headlineOf({ status: 403, body: denial('latestTag'), warnings: [] }), 'Pod "a": no')
})
