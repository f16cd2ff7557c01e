import t from 'tap'
import { awaitsHelm } from '../../src/cli/awaits-helm.ts'
import { kindsTable } from '../../src/workload/kinds.ts'

const TEMPLATE = '{{ .Values.x }}'

const cases: [what: string, change: object, field: string | undefined][] = [
  ['nothing of it', {}, undefined],
  ['its version', { apiVersion: TEMPLATE }, 'apiVersion'],
  ['its kind', { kind: TEMPLATE }, 'kind'],
  ['its name', { metadata: { name: `${TEMPLATE}-web` } }, 'metadata.name'],
  ['an image', { spec: { containers: [{}, { image: `a:${TEMPLATE}` }] } }, 'spec.containers[1].image'],
  ['an image of another language', { spec: { containers: [{ image: '{{ image }}' }] } }, undefined],
  ['a label', { metadata: { labels: { a: TEMPLATE } } }, undefined],
  ['an environment variable', { spec: { containers: [{ image: 'a', env: [TEMPLATE] }] } }, undefined],
  ['an image of what makes no containers', { kind: 'ConfigMap', image: TEMPLATE }, undefined],
  ['a name that is no text', { metadata: { name: [TEMPLATE] } }, undefined],
]
for (const [what, change, field] of cases) {
  t.test(`a Pod of which Helm is to write ${what}`, async (t) => {
    const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, ...change }
    const { apiVersion, kind } = object
    t.equal(awaitsHelm({ apiVersion, kind, object, lineOf: () => 1 }, kindsTable()), field)
  })
}
