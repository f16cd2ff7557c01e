import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { stringify } from 'yaml'
import { readManifests } from '../../src/cli/manifests.ts'

const POD = 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx\n'
const FIELD = 'spec.containers[0].image'

/** What is read, in brief: each object's kind and the line of its image. */
function brief(text: string) {
  const { objects, problems, templates } = readManifests(text)
  return { objects: objects.map(({ kind, lineOf }) => `${kind}:${lineOf(FIELD)}`), problems, templates }
}

const good: [title: string, text: string, objects: string[]][] = [
  ['one object', POD, ['Pod:5']],
  ['several documents', `${POD}---\n${POD}`, ['Pod:5', 'Pod:11']],
  ['a byte order mark is off before, Windows lines stay', POD.replaceAll('\n', '\r\n'), ['Pod:5']],
  [
    'JSON with tabs',
    '{\n\t"apiVersion": "v1",\n\t"kind": "Pod",\n\t"spec": {"containers": [\n\t{"image": "a"}]}}',
    ['Pod:5'],
  ],
  [
    'JSON after JSON',
    '{"apiVersion":"v1","kind":"Pod"}\n{"apiVersion":"v1","kind":"Job"}',
    ['Pod:1', 'Job:2'],
  ],
  [
    'a List',
    `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  spec:\n    containers:\n    - image: a\n`,
    ['Pod:8'],
  ],
  [
    'a List in a List',
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [{ apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'Pod' }] }],
    }),
    ['Pod:1'],
  ],
  [
    'a PodList of the API names its kind once',
    JSON.stringify({ apiVersion: 'v1', kind: 'PodList', items: [{ spec: {} }] }),
    ['Pod:1'],
  ],
  [
    'a List that holds itself',
    'apiVersion: v1\nkind: List\nitems: &a\n- {apiVersion: v1, kind: List, items: *a}\n',
    [],
  ],
  ['a List that is none', 'apiVersion: v1\nkind: List\nitems: none\n', ['List:1']],
  ['values of a chart', 'image: nginx\nkind: no\n', []],
  ['an object without a version', 'kind: Pod\n# apiVersion\n', []],
  ['a list of objects is none', `- apiVersion: v1\n  kind: Pod\n`, []],
  ['nothing', '', []],
  [
    'alert templates of Prometheus',
    'apiVersion: v1\nkind: ConfigMap\ndata: {a: "{{ $labels.x }}"}\n',
    ['ConfigMap:1'],
  ],
]
for (const [title, text, objects] of good)
  t.test(title, async (t) => t.strictSame(brief(text), { objects, problems: [], templates: [] }))

t.test('a broken document is told and hides no other', async (t) => {
  const text = `${POD}---\napiVersion: v1\nkind: Pod\nspec: "open\n---\n${POD}`
  t.strictSame(brief(text), {
    objects: ['Pod:5', 'Pod:15'],
    problems: [{ line: 10, message: 'Missing closing "quote' }],
    templates: [],
  })
})

const bad: [title: string, spec: string, message: RegExp][] = [
  ['an anchor that is missing', '*nowhere', /nowhere/],
  ['too many levels', '['.repeat(100_000), /nested too deeply/],
  [
    'aliases that multiply',
    '&a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]',
    /alias/,
  ],
]
for (const [title, spec, message] of bad) {
  t.test(title, async (t) => {
    const { objects, problems } = brief(`apiVersion: v1\nkind: Pod\nspec: ${spec}\n---\n${POD}`)
    t.equal(problems.length, 1)
    t.match(problems[0]?.message, message)
    t.equal(objects.length, 1, 'the document after it is read')
  })
}

const templates: [title: string, document: string, lines: number[], objects: string[]][] = [
  ['an action', `{{- if .Values.on }}\n${POD}{{- end }}\n`, [1], []],
  ['an action of no chart', `{{- if true }}\n${POD}{{- end }}\n`, [1], []],
  ['nothing but an action', '{{- include "lib.pod" . }}\n', [1], []],
  ['a value without quotes', `${POD}  replicas: {{ .Values.replicas }}\n`, [6], []],
  ['a comment', `${POD}# {{ .Values.x }}\n`, [], ['Pod:5']],
  ['a value in quotes', `${POD}  note: "{{ .Values.x }}"\n`, [], ['Pod:5']],
  [
    'a text',
    'apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    {{- if .Values.x }}\n',
    [],
    ['ConfigMap:1'],
  ],
  ['values of a chart', 'host: "{{ .Release.Name }}"\n', [], []],
]
for (const [title, document, lines, objects] of templates) {
  t.test(`Helm's braces: ${title}`, async (t) => {
    t.strictSame(brief(document), { objects, problems: [], templates: lines })
    const after = brief(`${POD}---\n${document}`)
    t.equal(after.objects[0], 'Pod:5', 'another document is read')
    t.strictSame(
      after.templates,
      lines.map((line) => line + 6),
    )
  })
}

t.test('braces of another language that only YAML takes for a key', async (t) => {
  t.match(brief(`${POD}  replicas: {{ replicas }}\n`), {
    objects: [],
    problems: [{ line: 6, message: 'a map stands where a key belongs: write quotes around {{ }}' }],
  })
})

t.test('a List of nothing is told from nothing', async (t) => {
  const list = (items: string) => readManifests(`apiVersion: v1\nkind: List\nitems: ${items}\n`).emptyList
  t.equal(list('[]'), true)
  t.equal(list('[{apiVersion: v1, kind: Pod}]'), false)
  t.equal(readManifests('items: []').emptyList, false)
})

t.test('an object comes back as it was written, also with odd keys', async () => {
  const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '<', 'a.b', '*', '&a', 'yes'))
  fc.assert(
    fc.property(fc.dictionary(key, fc.jsonValue()), (spec) => {
      // A merge key of YAML 1.1, which kubectl follows as well, in quotes too.
      fc.pre(!JSON.stringify(spec).includes('"<<"'))
      const object = JSON.parse(JSON.stringify({ apiVersion: 'v1', kind: 'Pod', spec }))
      const [read] = readManifests(JSON.stringify(object)).objects
      const [again] = readManifests(stringify(object)).objects
      return isDeepStrictEqual(read?.object, object) && isDeepStrictEqual(again?.object, object)
    }),
    { numRuns: 50 },
  )
})

t.test('whatever the text, reading it does not throw', async () => {
  const piece = fc.constantFrom(
    'apiVersion: v1\n',
    'kind: Pod\n',
    '---\n',
    '- ',
    '{',
    '}',
    '[',
    '"',
    '*a',
    '&a ',
    '<<: ',
    '!!',
    '{{',
    '%',
    '\t',
    ': ',
    '\n',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const { objects } = readManifests(`apiVersion: v1\nkind: Pod\n${pieces.join('')}`)
      return objects.every(({ lineOf }) => lineOf(FIELD) >= 1)
    }),
  )
})
