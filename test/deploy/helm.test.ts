import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { customResourceDefinition } from '../../src/policy/custom-resource.ts'
import { kindsTable } from '../../src/workload/kinds.ts'
import { webhookRules } from '../../src/workload/webhook-rules.ts'
import { DEPLOY, type Manifest, manifest, ROOT } from './manifests.ts'

const CHART = 'helm/tallyman'
const [chart] = manifest(`${CHART}/Chart.yaml`)
const [values] = manifest(`${CHART}/values.yaml`)
const valuesText = readFileSync(join(DEPLOY, CHART, 'values.yaml'), 'utf8')
const schema: Manifest = JSON.parse(readFileSync(join(DEPLOY, CHART, 'values.schema.json'), 'utf8'))

t.test('the copy of the definition is what the schema makes', async (t) => {
  const [definition] = manifest(`${CHART}/files/custom-resource-definition.yaml`)
  t.same(definition, customResourceDefinition(), 'to write it anew: make chart')
})

t.test('the copy of the rules is what the table of kinds makes', async (t) => {
  const [{ rules }] = manifest(`${CHART}/files/webhook-rules.yaml`)
  t.same(rules, webhookRules(kindsTable()), 'to write it anew: make chart')
})

const COPIES = [
  'components/dashboard/tallyman.json',
  'components/monitoring/prometheus-rule.yaml',
  'components/monitoring/service-monitor.yaml',
]
for (const path of COPIES)
  t.test(`the copy of ${path} is the same`, async (t) => {
    const [original, copy] = [path, `${CHART}/files/${basename(path)}`].map((it) =>
      readFileSync(join(DEPLOY, it), 'utf8'),
    )
    t.equal(copy, original, 'to write it anew: make chart')
  })

t.test('each of its files is a copy that is compared', async (t) => {
  const compared = [
    'custom-resource-definition.yaml',
    'webhook-rules.yaml',
    ...COPIES.map((it) => basename(it)),
  ]
  t.same(readdirSync(join(DEPLOY, CHART, 'files')).sort(), compared.sort())
})

t.test('it has the version of the package, and so has its image', async (t) => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  t.same([chart.version, chart.appVersion], [version, version])
})

/** Those whose content is Kubernetes' own, or Helm's, and checked there. */
const OPEN = [
  'global',
  'affinity.nodeAffinity',
  'affinity.podAffinity',
  'affinity.podAntiAffinity',
  'env[].valueFrom',
]

const resolved = (part: Manifest): Manifest =>
  part.$ref === undefined ? part : schema.definitions[part.$ref.replace('#/definitions/', '')]

/** The paths of all objects that a part of the schema describes, with what they say of further names. */
function objectsIn(part: Manifest, path: string): [path: string, additional: Manifest][] {
  const { type, properties = {}, items, additionalProperties } = resolved(part)
  const below = Object.entries(properties).flatMap(([name, it]) =>
    objectsIn(it, path === '' ? name : `${path}.${name}`),
  )
  const own: [string, Manifest][] = type === 'object' ? [[path, additionalProperties]] : []
  return [...own, ...below, ...(items === undefined ? [] : objectsIn(items, `${path}[]`))]
}

t.test('a name that is not there is refused everywhere but in what is not ours', async (t) => {
  const all = objectsIn(schema, '')
  t.ok(all.length > 15, 'the objects are found')
  const open = all.filter(([, additional]) => additional === undefined || additional === true)
  t.same(
    open.map(([path]) => path),
    OPEN,
  )
})

/** What only a chart that contains this one says. */
const OF_HELM = ['global', 'enabled']

t.test('what the schema knows is in values.yaml, and the reverse', async (t) => {
  const compare = (part: Manifest, value: Manifest, path: string): void => {
    const { properties } = resolved(part)
    if (properties === undefined || Object.keys(value).length === 0) return
    const known = Object.keys(properties).filter((name) => path !== '' || !OF_HELM.includes(name))
    t.same(Object.keys(value).sort(), known.sort(), path || 'at the top')
    for (const name of known) compare(properties[name], value[name], `${path}.${name}`)
  }
  compare(schema, values, '')
})

t.test('each value is explained in a comment above it, or above its group', async (t) => {
  const lines = valuesText.split('\n')
  for (const name of Object.keys(values)) {
    const at = lines.findIndex((line) => line.startsWith(`${name}:`))
    const above = lines.slice(0, at).lastIndexOf('')
    const about = [...lines.slice(above, at), lines[at + 1] ?? '']
    t.ok(
      about.some((line) => /^ *# /.test(line)),
      name,
    )
  }
  for (const [index, line] of lines.entries()) t.ok(line.length <= 120, `line ${index + 1} is short enough`)
})
