import { join } from 'node:path'
import t from 'tap'
import { chartOf, helmAt, holdsHelm } from '../../src/cli/helm.ts'

const helm = [
  'image: "{{ .Values.image }}:{{ .Chart.AppVersion }}"',
  '{{- include "app.labels" . | nindent 4 }}',
  'name: {{ $.Release.Name }}',
  '{{- if .Values.on }}\nkind: Pod\n{{- end }}',
]
for (const text of helm) {
  t.test(`${text} holds what only Helm fills in`, async (t) => {
    t.ok(holdsHelm(text))
    t.equal(helmAt(`a: [1\n${text}`), 6 + text.indexOf('{{'))
  })
}

const others = [
  'summary: "{{ $labels.instance }} is down"',
  "text: '{{ range .Alerts }}{{ .Annotations }}{{ end }}'",
  'image: "{{inputs.parameters.image}}"',
  'image: "{{workflow.parameters.Values}}"',
  'a: [1',
  `${'{{ '.repeat(20_000)}${' '.repeat(200_000)}\n`,
]
for (const text of others) {
  t.test(`${text.slice(0, 60)} holds nothing of Helm`, async (t) => {
    t.notOk(holdsHelm(text))
    t.equal(helmAt(` ${text}`), text.startsWith('{{ ') ? 0 : -1)
  })
}

t.test('a line that begins with an action is a template where it is no YAML', async (t) => {
  t.equal(helmAt('a: 1\n  {{- if true }}\n'), 5)
  t.equal(helmAt('a: {{- if true }}\n'), -1)
})

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
