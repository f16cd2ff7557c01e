import t from 'tap'
import { holdsPlaceholder } from '../../src/workload/substitution.ts'

const cases: [syntax: 'tekton' | 'argo' | undefined, image: string | undefined, answer: boolean][] = [
  ['tekton', '$(params.image)', true],
  ['tekton', 'registry.example.com/$(params.name):1.2.3', true],
  ['tekton', '$(params.image', false],
  ['tekton', ')$(', false],
  ['tekton', '{{inputs.parameters.image}}', false],
  ['tekton', undefined, false],
  ['argo', '{{inputs.parameters.image}}', true],
  ['argo', 'app:{{=workflow.parameters.tag}}', true],
  ['argo', '{{inputs', false],
  ['argo', '$(params.image)', false],
  [undefined, '$(params.image)', false],
  [undefined, '{{inputs.parameters.image}}', false],
]
for (const [syntax, image, answer] of cases) {
  t.test(`${image} ${answer ? 'holds' : 'holds no'} placeholder of ${syntax ?? 'no syntax'}`, async (t) =>
    t.equal(holdsPlaceholder(syntax, { image }), answer),
  )
}

t.test('a placeholder may stand for the pull policy', async (t) =>
  t.equal(holdsPlaceholder('tekton', { image: 'nginx', pullPolicy: '$(params.pull)' }), true),
)
