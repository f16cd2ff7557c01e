import t from 'tap'
import { unrenderedTemplate } from '../../src/image/unrendered-template.ts'

const cases: [text: string, template: string | undefined][] = [
  ['{{ .Values.image }}', '{{ .Values.image }}'],
  ['app:{{ .Tag }}-alpine', '{{ .Tag }}'],
  ['app:$' + '{TAG}-alpine', '$' + '{TAG}'],
  ['app:$(params.tag)', '$(params.tag)'],
  ['app:$TAG-alpine', '$TAG'],
  ['app:<%= tag %>', '<%= tag %>'],
  ['app:{{ .Tag', '{{ .Tag'],
  ['app:1', undefined],
  ['app:$', undefined],
  ['app:{1}', undefined],
]
for (const [text, template] of cases) {
  t.test(`${text} holds ${template ?? 'no template'}`, async (t) =>
    t.equal(unrenderedTemplate(text), template),
  )
}
