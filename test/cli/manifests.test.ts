import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { stringify } from 'yaml'
import { readManifests } from '../../src/cli/manifests.ts'

const POD = 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx\n'
const FIELD = 'spec.containers[0].image'

/** What is read, in brief: each object's kind and the line of its image. */
function brief(text: string) {
  const { objects, problems, helm } = readManifests(text)
  return { objects: objects.map(({ kind, lineOf }) => `${kind}:${lineOf(FIELD)}`), problems, helm }
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
  t.test(title, async (t) => t.strictSame(brief(text), { objects, problems: [], helm: false }))

t.test('a broken document is told and hides no other', async (t) => {
  const text = `${POD}---\napiVersion: v1\nkind: Pod\nspec: "open\n---\n${POD}`
  t.strictSame(brief(text), {
    objects: ['Pod:5', 'Pod:15'],
    problems: [{ line: 10, message: 'Missing closing "quote' }],
    helm: false,
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

t.test('a Helm template is not read at all', async (t) => {
  for (const text of [`${POD}# {{ .Values.x }}\n`, `{{- if true }}\n${POD}{{- end }}\n`])
    t.strictSame(brief(text), { objects: [], problems: [], helm: true })
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
