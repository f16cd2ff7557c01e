import t from 'tap'
import type { Input } from '../../src/cli/inputs.ts'
import { lintAll } from '../../src/cli/lint-all.ts'
import { policiesOfFile } from '../../src/cli/lint-policies.ts'

const pod = (image: string, metadata = '{name: a}', name = 'm') =>
  `apiVersion: v1\nkind: Pod\nmetadata: ${metadata}\nspec: {containers: [{name: ${name}, image: "${image}"}]}\n`

async function* each(inputs: Input[]): AsyncGenerator<Input> {
  yield* inputs
}

t.test('what is read, what is not, and what is passed over', async (t) => {
  const policies = await policiesOfFile(undefined, undefined)
  const inputs: Input[] = [
    {
      name: 'd/pod.yaml',
      text: `${pod('nginx')}---\n${pod('auto', '{name: b}', 'istio-proxy')}---\n${pod('{{ .Values.x }}')}`,
    },
    { name: 'd/values.yaml', text: 'a: 1\n' },
    { name: 'd/picture.yaml', binary: true },
    { name: 'd/gone.yaml', problem: 'there is no such file' },
    { name: 'notes.md', text: 'a text\n' },
    { name: 'system.yaml', text: pod('nginx', '{name: a, namespace: kube-system}') },
    { name: 'chart.yaml', text: '{{- if .Values.on }}\n' },
  ]
  const { report, templates, skipped, notAsked, exempt } = await lintAll(
    each(inputs),
    ['d', 'notes.md', 'system.yaml'],
    { policies, namespace: 'default', now: new Date('2026-11-23T12:00:00Z') },
  )
  t.strictSame(
    report.findings.map(({ file, line }) => `${file}:${line}`),
    ['d/pod.yaml:4'],
  )
  t.equal(report.objects, 2)
  t.equal(report.images, 2)
  t.strictSame(
    report.unread.map(({ file, line }) => [file, line]),
    [
      ['d/gone.yaml', undefined],
      ['notes.md', undefined],
      ['d/pod.yaml', 14],
      ['chart.yaml', 1],
    ],
  )
  t.strictSame(templates, report.unread.slice(2))
  t.equal(skipped, 2)
  t.strictSame([...notAsked], [['kube-system', 1]])
  t.strictSame(
    [...exempt.values()].map(({ objects }) => objects),
    [1],
  )
})
