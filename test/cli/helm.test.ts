import { join } from 'node:path'
import t from 'tap'
import { chartOf, isHelmTemplate } from '../../src/cli/helm.ts'

const cases: [text: string, parses: boolean, helm: boolean][] = [
  ['image: "{{ .Values.image }}:{{ .Chart.AppVersion }}"', true, true],
  ['{{- include "app.labels" . | nindent 4 }}', false, true],
  ['name: {{ $.Release.Name }}', true, true],
  ['{{- if true }}\nkind: Pod\n{{- end }}', false, true],
  ['summary: "{{ $labels.instance }} is down"', true, false],
  ["text: '{{ range .Alerts }}{{ .Annotations }}{{ end }}'", true, false],
  ['image: "{{inputs.parameters.image}}"', true, false],
  ['image: "{{workflow.parameters.Values}}"', true, false],
  ['a: [1', false, false],
]
for (const [text, parses, helm] of cases)
  t.test(`${text} is ${helm ? 'a' : 'no'} Helm template`, async (t) =>
    t.equal(isHelmTemplate(text, parses), helm),
  )

t.test('a template belongs to the nearest chart above it', async (t) => {
  const directory = t.testdir({
    web: {
      'Chart.yaml': '',
      templates: { 'a.yaml': '' },
      charts: { sub: { 'Chart.yaml': '', templates: {} } },
    },
    plain: {},
  })
  t.equal(chartOf(join(directory, 'web/templates/a.yaml')), join(directory, 'web'))
  t.equal(chartOf(join(directory, 'web/charts/sub/templates/b.yaml')), join(directory, 'web/charts/sub'))
  t.equal(chartOf(join(directory, 'plain/b.yaml')), undefined)
})
