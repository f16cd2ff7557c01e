// What the Helm chart renders: the objects of the kustomize overlays, and a clear word for whoever asks for something else.
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { decoded, find, kustomize, type Manifest, manifest, objects } from '../deploy/manifests.ts'
import { EVERYTHING } from './chart-values.ts'
import { type Component, copyDeploy, overlayWith } from './deploy-copy.ts'
import { helm as helmOf } from './helm.ts'
import { helmProgram, noHelm } from './helm-program.ts'
import { expectDone } from './kubectl.ts'
import { programs } from './programs.ts'

const folder = t.testdir()
const deploy = join(folder, 'deploy')
await copyDeploy(deploy)
const CHART = join(deploy, 'helm/tallyman')
const VALUES_FILE = join(folder, 'values.json')
writeFileSync(VALUES_FILE, JSON.stringify(EVERYTHING))
const CA_FILE = join(deploy, 'overlays/own-certificate/certs/ca.crt')
const KEY_FILE = join(deploy, 'overlays/own-certificate/certs/tls.key')
const skip = noHelm

// Nothing here asks a cluster.
const helm = helmOf(helmProgram ?? 'helm', join(folder, 'none'))

const template = (values: readonly string[], namespace = 'tallyman', release = 'tallyman') =>
  helm(['template', release, CHART, '--namespace', namespace, ...values])

async function rendered(...args: Parameters<typeof template>): Promise<Manifest[]> {
  return objects(expectDone(await template(...args))).filter((it) => it !== null)
}

const set = (...values: string[]) => values.flatMap((value) => ['--set', value])

/** Without what Helm adds, in an order that does not depend on who rendered. */
function comparable(all: readonly Manifest[]): Manifest[] {
  const nameOf = ({ kind, metadata }: Manifest) => `${kind}/${metadata.name}`
  return structuredClone(all as Manifest[])
    .map((it) => {
      const { labels, annotations } = it.metadata
      for (const label of ['helm.sh/chart', 'app.kubernetes.io/instance', 'app.kubernetes.io/managed-by'])
        delete labels[label]
      delete annotations?.['helm.sh/resource-policy']
      if (annotations !== undefined && Object.keys(annotations).length === 0) delete it.metadata.annotations
      for (const { clientConfig } of it.webhooks ?? [])
        if (clientConfig.caBundle !== undefined) clientConfig.caBundle = decoded(clientConfig.caBundle)
      return it
    })
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}

const OWN = [...set('certificate.source=secret'), '--set-file', `certificate.secret.caBundle=${CA_FILE}`]
const pairs: [overlay: string, components: readonly Component[], values: readonly string[]][] = [
  ['managed', [], []],
  ['managed', ['fail-closed'], set('failurePolicy=Fail')],
  ['managed', ['preview'], set('preview.enabled=true')],
  ['managed', ['events'], set('events.enabled=true')],
  ['managed', ['monitoring'], set('monitoring.enabled=true')],
  ['managed', ['dashboard'], set('dashboard.enabled=true')],
  ['own-certificate', [], OWN],
  ['cert-manager', [], set('certificate.source=certManager')],
  [
    'cert-manager',
    ['fail-closed', 'preview', 'events', 'monitoring', 'dashboard'],
    set(
      'certificate.source=certManager',
      'failurePolicy=Fail',
      ...['preview', 'events', 'monitoring', 'dashboard'].map((it) => `${it}.enabled=true`),
    ),
  ],
]
/** Those that the chart leaves to others: the namespace is the release's, and the Secret with the key stays out of Helm's. */
const NOT_OURS = ['Namespace', 'Secret']

for (const [overlay, components, values] of pairs) {
  t.test([overlay, ...components].join(' with '), { skip }, async (t) => {
    const expected = (
      await kustomize(await overlayWith(deploy, overlay, components), programs.kubectl)
    ).filter(({ kind }) => !NOT_OURS.includes(kind))
    t.ok(expected.length > 10)
    const all = await rendered(values)
    t.same(comparable(all), comparable(expected))
    for (const { metadata } of all)
      t.match(metadata.labels, {
        'helm.sh/chart': `tallyman-${manifest('helm/tallyman/Chart.yaml')[0].version}`,
        'app.kubernetes.io/managed-by': 'Helm',
        'app.kubernetes.io/instance': 'tallyman',
      })

    // Elsewhere, and by another name, only the namespace is another one.
    const moved = JSON.stringify(comparable(expected))
      .replaceAll('"namespace":"tallyman"', '"namespace":"image-tags"')
      .replaceAll('tallyman.tallyman.svc', 'tallyman.image-tags.svc')
      .replaceAll('"tallyman/tallyman"', '"image-tags/tallyman"')
      .replaceAll('["kube-system","tallyman"', '["kube-system","image-tags"')
    t.same(comparable(await rendered(values, 'image-tags', 'another')), JSON.parse(moved))
  })
}

t.test('the definition of TagPolicy stays when the rest goes', { skip }, async (t) => {
  const kept = (await rendered([])).filter(
    ({ metadata }) => metadata.annotations?.['helm.sh/resource-policy'],
  )
  t.same(
    kept.map(({ kind, metadata }) => [kind, metadata.annotations]),
    [
      [
        'CustomResourceDefinition',
        {
          'argocd.argoproj.io/sync-options': 'Delete=false,Prune=false',
          'helm.sh/resource-policy': 'keep',
          'kustomize.toolkit.fluxcd.io/prune': 'disabled',
        },
      ],
    ],
  )
})

const switches: [value: string, kind: string][] = [
  ['crds.install=false', 'CustomResourceDefinition'],
  ['networkPolicy.enabled=false', 'NetworkPolicy'],
  ['podDisruptionBudget.enabled=false', 'PodDisruptionBudget'],
]
for (const [value, kind] of switches)
  t.test(`${value} leaves out the ${kind} alone`, { skip }, async (t) => {
    const all = await rendered([])
    t.ok(find(all, kind, kind === 'CustomResourceDefinition' ? 'tagpolicies.tallyman.dev' : 'tallyman'))
    t.same(
      await rendered(set(value)),
      all.filter((it) => it.kind !== kind),
    )
  })

t.test(
  'what is monitored has the labels that a Prometheus operator is told to look for',
  { skip },
  async (t) => {
    const labelled = ['ServiceMonitor', 'PrometheusRule']
    const labels = { release: 'prometheus', 'app.kubernetes.io/part-of': 'monitoring' }
    const [plain, all] = await Promise.all([
      rendered(set('monitoring.enabled=true')),
      rendered([
        '--set',
        'monitoring.enabled=true',
        '--set-json',
        `monitoring.labels=${JSON.stringify(labels)}`,
      ]),
    ])
    for (const [index, it] of all.entries()) {
      const { metadata } = plain[index]
      t.same(
        it.metadata.labels,
        labelled.includes(it.kind) ? { ...metadata.labels, ...labels } : metadata.labels,
      )
    }
    for (const kind of labelled) t.ok(find(all, kind), kind)
  },
)

t.test('each alert has a link to its page where somebody says where the pages are', { skip }, async (t) => {
  const url = 'https://git.example.com/platform/tallyman/src/deploy/runbook'
  const rule = async (...values: string[]): Promise<Manifest> =>
    find(await rendered(set('monitoring.enabled=true', ...values)), 'PrometheusRule').spec
  t.notMatch(JSON.stringify(await rule()), 'runbook_url')

  const overlay = await overlayWith(deploy, 'managed', ['monitoring', 'runbook-url'])
  const { spec } = find(await kustomize(overlay, programs.kubectl), 'PrometheusRule')
  const linked = JSON.stringify(spec).replaceAll('"runbook_url":"deploy/runbook/', `"runbook_url":"${url}/`)
  t.match(linked, `"runbook_url":"${url}/TallymanDown.md"`)
  for (const given of [url, `${url}/`])
    t.same(await rule(`monitoring.runbookUrl=${given}`), JSON.parse(linked))
})

t.test('elsewhere nothing that is said or asked names the namespace tallyman', { skip }, async (t) => {
  const values = set(...['preview', 'events', 'monitoring', 'dashboard'].map((it) => `${it}.enabled=true`))
  const text = expectDone(await template(values, 'image-tags'))
  t.match(text, 'kind: PrometheusRule')
  t.same(text.match(/.*(?:namespace\W{1,4}|-n )tallyman\b.*/g), null)
})

const digest = `sha256:${'a'.repeat(64)}`
const images: [values: readonly string[], image: string][] = [
  [[], `registry.example.com/tallyman:${manifest('helm/tallyman/Chart.yaml')[0].appVersion}`],
  [set('image.repository=r.example/t', 'image.tag=1.2.3'), 'r.example/t:1.2.3'],
  [set('image.repository=r.example/t', `image.digest=${digest}`), `r.example/t@${digest}`],
  [
    set('image.repository=r.example/t', 'image.tag=1.2.3', `image.digest=${digest}`),
    `r.example/t:1.2.3@${digest}`,
  ],
]
for (const [values, image] of images)
  t.test(`the image ${image}`, { skip }, async (t) => {
    t.equal(find(await rendered(values), 'Deployment').spec.template.spec.containers[0].image, image)
  })

t.test('each other value reaches its place', { skip }, async (t) => {
  const all = await rendered(['--values', VALUES_FILE])
  const { replicas, template } = find(all, 'Deployment').spec
  const [container] = template.spec.containers
  const { imagePullSecrets, nodeSelector, tolerations, affinity, priorityClassName, resources } = {
    ...template.spec,
    ...container,
  }
  const placed = { imagePullSecrets, replicas, nodeSelector, tolerations, affinity, priorityClassName }
  for (const [name, value] of Object.entries(placed))
    t.same(value, EVERYTHING[name as keyof typeof placed], name)
  t.same(resources, { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '400Mi' } })
  t.equal(container.args.at(-1), '--log-level=debug')
  t.same(container.env, [{ name: 'MALLOC_ARENA_MAX', value: '1' }, ...EVERYTHING.env], 'none is there twice')
  t.same(template.metadata.annotations, {
    'prometheus.io/scrape': 'true',
    'prometheus.io/path': '/metrics',
    'example.com/team': 'platform',
  })
  const { webhooks } = find(all, 'ValidatingWebhookConfiguration')
  for (const { timeoutSeconds } of webhooks) t.equal(timeoutSeconds, 3)
  t.same(webhooks[0].namespaceSelector.matchExpressions[0].values, ['kube-system', 'tallyman', 'storage'])
  t.same(webhooks[0].rules.at(-1), EVERYTHING.extraWebhookRules[0])
  t.same(
    find(all, 'NetworkPolicy').spec.egress[0].ports.map(({ port }: { port: number }) => port),
    EVERYTHING.networkPolicy.apiServerPorts,
  )
})

const repositories = [
  'tallyman',
  'localhost/t',
  'localhost:5000/t',
  '[2001:db8::1]:5000/t',
  'R.example/team-a/my.team/a__b/c--d',
]
for (const repository of repositories)
  t.test(`the repository ${repository} is one`, { skip }, async (t) => {
    const [{ image }] = find(
      await rendered(['--set-string', `image.repository=${repository}`, ...set('image.tag=v1')]),
      'Deployment',
    ).spec.template.spec.containers
    t.equal(image, `${repository}:v1`)
  })

t.test('a name that looks like a number stays a text', { skip }, async (t) => {
  const values = ['--set-string', 'priorityClassName=1234']
  t.equal(find(await rendered(values), 'Deployment').spec.template.spec.priorityClassName, '1234')
})

t.test('what is null is left out, whether the chart sets it or not', { skip }, async (t) => {
  const file = join(folder, 'null.json')
  const podAnnotations = { 'prometheus.io/port': null, 'example.com/team': null }
  const resources = { requests: { cpu: null }, limits: { memory: '1Gi', cpu: null } }
  writeFileSync(file, JSON.stringify({ podAnnotations, resources }))
  const { metadata, spec } = find(await rendered(['--values', file]), 'Deployment').spec.template
  t.same(metadata.annotations, { 'prometheus.io/scrape': 'true', 'prometheus.io/path': '/metrics' })
  t.same(spec.containers[0].resources, { requests: { memory: '128Mi' }, limits: { memory: '1Gi' } })

  const none = Object.keys(manifest('helm/tallyman/values.yaml')[0].podAnnotations).map((key) => [key, null])
  writeFileSync(
    file,
    JSON.stringify({ podAnnotations: Object.fromEntries(none), resources: { limits: null } }),
  )
  const bare = find(await rendered(['--values', file]), 'Deployment').spec.template
  t.notOk('annotations' in bare.metadata)
  t.same(bare.spec.containers[0].resources, { requests: { cpu: '100m', memory: '128Mi' } })

  const nothing = find(await rendered(set('podAnnotations=null', 'resources=null')), 'Deployment').spec
    .template
  t.notOk('annotations' in nothing.metadata)
  t.same(nothing.spec.containers[0].resources, {})
})

const NO_REPOSITORY =
  /image\.repository is ".*", which names no repository[\s\S]*--set image\.repository=registry\.example\.com\/tallyman\n/

const refused: [what: string, values: readonly string[], says: RegExp][] = [
  ['a misspelt name', set('replica=2'), /at '': additional properties 'replica' not allowed/],
  ['one further down', set('image.tga=1'), /at '\/image': additional properties 'tga' not allowed/],
  ['a text for a number', ['--set-string', 'replicas=3'], /at '\/replicas': got string, want integer/],
  ['no replica', set('replicas=0'), /at '\/replicas': minimum: got 0, want 1/],
  [
    'a port that is none',
    set('networkPolicy.apiServerPorts={0}'),
    /at '\/networkPolicy\/apiServerPorts\/0': minimum: got 0, want 1/,
  ],
  [
    'another policy',
    set('failurePolicy=Open'),
    /at '\/failurePolicy': value must be one of 'Ignore', 'Fail'/,
  ],
  [
    'a source in other words',
    set('certificate.source=cert-manager'),
    /at '\/certificate\/source': value must be one of/,
  ],
  ['a digest that is none', set('image.digest=sha256:1'), /at '\/image\/digest'/],
  [
    'a tag in the repository',
    set('image.repository=r.example:5000/t:1.2.3'),
    /image\.repository is "r\.example:5000\/t:1\.2\.3", [\s\S]*--set-string image\.repository=r\.example:5000\/t,image\.tag=1\.2\.3\n/,
  ],
  [
    'one that looks like a port',
    set('image.repository=tallyman:5000'),
    /--set-string image\.repository=tallyman,image\.tag=5000\n/,
  ],
  [
    'a digest in the repository',
    set(`image.repository=r.example/t@${digest}`),
    new RegExp(`--set-string image\\.repository=r\\.example/t,image\\.digest=${digest}\n`),
  ],
  [
    'a scheme in the repository',
    set('image.repository=https://r.example/t'),
    /no scheme[\s\S]*--set-string image\.repository=r\.example\/t\n/,
  ],
  [
    'a scheme, a tag and a digest',
    set(`image.repository=docker://r.example/t:1.2.3@${digest}`),
    new RegExp(
      `--set-string image\\.repository=r\\.example/t,image\\.tag=1\\.2\\.3,image\\.digest=${digest}\n`,
    ),
  ],
  ['capitals in the repository', set('image.repository=r.example/Team/t'), NO_REPOSITORY],
  ['a repository that ends in a slash', set('image.repository=r.example/t/'), NO_REPOSITORY],
  ['a space in the repository', set('image.repository=r.example/my t'), NO_REPOSITORY],
  ['a registry without a repository', set('image.repository=https://r.example:5000/'), NO_REPOSITORY],
  ['no repository', set('image.repository='), NO_REPOSITORY],
  [
    'an operator of tolerations that there is not',
    ['--set-json', 'tolerations=[{"key":"a","operator":"exists"}]'],
    /at '\/tolerations\/0\/operator': value must be one of/,
  ],
  [
    'a misspelt effect',
    ['--set-json', 'tolerations=[{"key":"a","effect":"NoSchedul"}]'],
    /at '\/tolerations\/0\/effect': value must be one of/,
  ],
  [
    'a place of the pages that is no link',
    set('monitoring.runbookUrl=deploy/runbook'),
    /at '\/monitoring\/runbookUrl': 'deploy\/runbook' does not match/,
  ],
  ['enabled=false where no other chart reads it', set('enabled=false'), /at '\/enabled': value must be true/],
  [
    'no caBundle',
    set('certificate.source=secret'),
    /caBundle has to be what signed[\s\S]*Add: --set-file certificate\.secret\.caBundle=ca\.crt/,
  ],
  [
    'the key for the CA',
    [...set('certificate.source=secret'), '--set-file', `certificate.secret.caBundle=${KEY_FILE}`],
    /caBundle has to be what signed/,
  ],
]
for (const [what, values, says] of refused)
  t.test(`${what} is refused`, { skip }, async (t) => {
    const { code, stderr } = await template(values)
    t.equal(code, 1)
    t.match(stderr, says)
    t.notMatch(stderr, readFileSync(KEY_FILE, 'utf8').split('\n')[1], 'no key is repeated')
  })

t.test('the namespace default is refused: it would not be judged', { skip }, async (t) => {
  const { code, stderr } = await template([], 'default')
  t.equal(code, 1)
  t.match(stderr, /needs a namespace of its own[\s\S]*Add: --namespace tallyman --create-namespace/)
})

t.test('a chart that contains it may have global values, and leave it out', { skip }, async (t) => {
  const umbrella = join(folder, 'umbrella')
  cpSync(CHART, join(umbrella, 'charts/tallyman'), { recursive: true })
  const { version } = manifest('helm/tallyman/Chart.yaml')[0]
  const dependency = { name: 'tallyman', version, condition: 'tallyman.enabled' }
  const chart = { apiVersion: 'v2', name: 'umbrella', version: '1.0.0', dependencies: [dependency] }
  writeFileSync(join(umbrella, 'Chart.yaml'), JSON.stringify(chart))
  const renderedWith = async (enabled: boolean) => {
    const values = { global: { region: 'north' }, tallyman: { enabled, replicas: 5 } }
    writeFileSync(join(umbrella, 'values.yaml'), JSON.stringify(values))
    const args = ['template', 'tallyman', umbrella, '--namespace', 'tallyman']
    return objects(expectDone(await helm(args))).filter((it) => it !== null)
  }
  t.same(await renderedWith(true), await rendered(set('replicas=5')))
  t.same(await renderedWith(false), [])
})

const OWN_IMAGE = set('image.repository=r.example/t')
const notes: [values: readonly string[], says: readonly RegExp[], keepsQuiet: readonly RegExp[]][] = [
  [
    [],
    [/only an example/, /admitted unchecked/, /delete secret tallyman-certificate\n/, /delete crd/],
    [/Helm 3/],
  ],
  [OWN_IMAGE, [/ r\.example\/t:/], [/only an example/]],
  [
    set('failurePolicy=Fail'),
    [/are refused/, /delete validatingwebhookconfiguration tallyman .* Helm 3/],
    [],
  ],
  [set('certificate.source=certManager'), [/delete secret tallyman-tls tallyman-ca\n/], []],
  [
    [...OWN, ...set('crds.install=false')],
    [/helm uninstall mine -n tallyman/],
    [/delete secret/, /delete crd/],
  ],
]
for (const [values, says, keepsQuiet] of notes)
  t.test(`what is said after an install with ${values.join(' ') || 'nothing set'}`, { skip }, async (t) => {
    const install = ['install', 'mine', CHART, '--namespace', 'tallyman', '--dry-run=client', ...values]
    const [, said = ''] = expectDone(await helm(install)).split('\nNOTES:\n')
    for (const part of says) t.match(said, part)
    for (const part of keepsQuiet) t.notMatch(said, part)
    t.match(said, /\nWhat to type next:\n(?: {2}kubectl .*\n){3}\n/)
    for (const line of said.split('\n'))
      if (!line.startsWith('  ')) t.ok(line.length <= 120, `short enough: ${line}`)
  })

t.test('helm lint has nothing to say', { skip }, async (t) => {
  for (const values of [[], OWN, ['--values', VALUES_FILE]]) {
    const { code, stdout, stderr } = await helm([
      'lint',
      '--strict',
      CHART,
      '--namespace',
      'tallyman',
      ...values,
    ])
    t.equal(code, 0, stdout + stderr)
    t.notMatch(stdout, /\[(WARNING|ERROR)\]/)
  }
})
