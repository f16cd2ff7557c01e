import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Metrics } from '../../src/server/metrics.ts'
import { metricSources } from '../server/metric-sources.ts'
import {
  copyOfDeploy,
  DEPLOY,
  find,
  kustomize,
  type Manifest,
  manifest,
  noKubectl,
  ROOT,
} from './manifests.ts'
import { type Alert, alerts, dashboard, dashboardQueries, metricsIn } from './monitoring.ts'

const skip = await noKubectl()
const RUNBOOK = join(DEPLOY, 'runbook')
const index = readFileSync(join(RUNBOOK, 'README.md'), 'utf8')
const pages = readdirSync(RUNBOOK).filter((name) => name !== 'README.md')

t.test('each alert has a page, and each page an alert', async (t) => {
  t.ok(alerts.length >= 15, 'the alerts are found')
  t.same(pages.toSorted(), alerts.map(({ alert }) => `${alert}.md`).toSorted())
  for (const { alert, labels, annotations } of alerts) {
    t.equal(annotations.runbook, `deploy/runbook/${alert}.md`)
    t.match(labels.severity, /^(?:critical|warning|info)$/)
    t.ok(annotations.summary.length <= 100, `${alert}: the summary fits a line`)
    t.notMatch(annotations.summary, /\{\{/, `${alert}: one summary for all of its instances`)
    const line = index.split('\n').find((line) => line.includes(`[${alert}](${alert}.md)`))
    t.ok(line, `${alert} is in the index`)
    t.match(line, labels.severity, `${alert}: the index says how urgent it is`)
    t.match(line, annotations.summary, `${alert}: the index says what the alert says`)
  }
})

t.test('each page says what it means, who notices, what to type, and when it is over', async (t) => {
  for (const page of pages) {
    const text = readFileSync(join(RUNBOOK, page), 'utf8')
    t.match(text, new RegExp(`^# ${page.replace('.md', '')}\n`), page)
    t.same(
      [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading),
      ['What it means', 'Who notices', 'What to type', 'When it is over'],
      page,
    )
    // Commands and what they print are as long as they are.
    const prose = text.replaceAll(/^```[\s\S]*?^```$|^ {4}.*$/gm, '')
    t.same(
      prose.split('\n').filter((line) => line.length > 120),
      [],
      `${page}: lines of prose`,
    )
  }
})

t.test('each link of the runbook leads to a page and a heading', async (t) => {
  const slug = (heading: string) =>
    heading
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-')
  for (const page of ['README.md', ...pages]) {
    const text = readFileSync(join(RUNBOOK, page), 'utf8')
    for (const [, file, anchor] of text.matchAll(/\]\(([^)#]*)(?:#([^)]*))?\)/g)) {
      const path = join(RUNBOOK, file || page)
      t.ok(existsSync(path), `${page} links to ${file}`)
      if (anchor === undefined) continue
      const headings = [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, it = '']) => slug(it))
      t.ok(headings.includes(anchor), `${page} links to ${file}#${anchor}`)
    }
  }
})

t.test('what is looked for in the log is what tallyman writes there, however long ago', async (t) => {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROOT, 'src', name), 'utf8'))
  let found = 0
  for (const page of ['README.md', ...pages])
    for (const [command] of readFileSync(join(RUNBOOK, page), 'utf8').matchAll(
      /kubectl -n tallyman logs .*\| grep .*/g,
    )) {
      // Much is logged once for each reason, and may be hours old when somebody comes.
      t.notMatch(command, '--since', page)
      t.match(command, ' --tail=-1 ', page)
      const [, pattern = ''] = /grep -E '([^']+)'/.exec(command) ?? []
      t.not(pattern, '', `${page}: ${command}`)
      if (pattern.startsWith('"level"')) continue
      for (const part of pattern.split('|')) {
        found += 1
        t.ok(
          sources.some((source) => source.includes(part)),
          `${page}: ${part}`,
        )
      }
    }
  t.ok(found >= 6, `${found} texts`)
})

t.test(
  'a page that has somebody apply or change an overlay says where to find the same for Helm',
  async (t) => {
    const found = ['README.md', ...pages].filter((page) => {
      const text = readFileSync(join(RUNBOOK, page), 'utf8')
      if (!/your overlay|deploy\/base\/deployment/.test(text)) return false
      t.match(text, '#if-you-installed-with-helm)', page)
      return true
    })
    t.ok(found.length >= 5, `${found}`)
  },
)

t.test('what alerts and dashboard ask for is what tallyman says of itself', async (t) => {
  const { registry } = new Metrics(metricSources())
  const own = registry.getMetricsAsArray().map(({ name }) => name)
  const asked = new Set([...alerts, ...dashboardQueries].flatMap(({ expr }) => metricsIn(expr)))
  for (const name of [...asked].filter((name) => /^(?:tallyman|process|nodejs)_/.test(name)))
    t.ok(own.includes(name.replace(/_(?:bucket|count|sum)$/, '')), name)
  t.ok([...asked].some((name) => name.startsWith('apiserver_admission_webhook_')))
})

t.test('each metric of tallyman is asked for by its job', async (t) => {
  for (const { expr } of [...alerts, ...dashboardQueries])
    for (const [found] of expr.matchAll(/\b(?:tallyman|process|nodejs)_[a-z_]+\b[^,]{0,16}/g))
      t.match(found, /\{job="tallyman"/, found)
})

t.test('the latency of the alert is a fifth of the timeout', async (t) => {
  const [configuration] = manifest('base/webhook/validating-webhook-configuration.yaml')
  const timeouts = configuration.webhooks.map((it: Manifest) => it.timeoutSeconds)
  t.equal(Math.min(...timeouts), 5)
  t.match(alerts.find(({ alert }) => alert === 'TallymanSlow')?.expr, /\) > 1\nor\n.*\) > 1$/s)
})

for (const overlay of ['managed', 'own-certificate', 'cert-manager'])
  t.test(
    `monitoring and dashboard over ${overlay} add three objects and change nothing`,
    { skip },
    async (t) => {
      const copy = copyOfDeploy(t.testdir())
      const rendered = async (components: readonly string[]) => {
        const folder = join(copy, ['mine', ...components].join('-'))
        mkdirSync(folder)
        const kustomization = {
          resources: [`../overlays/${overlay}`],
          components: components.map((name) => `../components/${name}`),
        }
        writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization))
        return await kustomize(folder)
      }
      const before = await rendered([])
      const all = await rendered(['monitoring', 'dashboard'])
      const added = [
        find(all, 'ServiceMonitor'),
        find(all, 'PrometheusRule'),
        find(all, 'ConfigMap', 'tallyman-dashboard'),
      ]
      t.same(
        all.filter((it) => !added.includes(it)),
        before,
      )
      const [{ spec }, , { metadata, data }] = added
      t.equal(metadata.labels.grafana_dashboard, '1')
      t.same(JSON.parse(data['tallyman.json']), dashboard)

      const service = find(all, 'Service')
      t.match(service.metadata.labels, spec.selector.matchLabels, 'the ServiceMonitor finds the Service')
      t.equal(service.metadata.labels[spec.jobLabel], 'tallyman', 'and calls the job as the alerts do')
      t.ok(service.spec.ports.some((it: Manifest) => it.name === spec.endpoints[0].port))
      for (const { kind, metadata } of added) t.equal(metadata.namespace, service.metadata.namespace, kind)
    },
  )

t.test('runbook-url makes a link of the path of each page, as its comment says', { skip }, async (t) => {
  const copy = copyOfDeploy(t.testdir())
  const folder = join(copy, '../mine')
  mkdirSync(folder)
  const component = readFileSync(join(copy, 'components/runbook-url/kustomization.yaml'), 'utf8')
  const example = component
    .split('\n')
    .filter((line) => line.startsWith('#   '))
    .map((line) => line.slice('#   '.length).replaceAll('PATH/deploy', '../deploy'))
  writeFileSync(join(folder, 'kustomization.yaml'), example.join('\n'))
  const all = await kustomize(folder)
  t.notOk(
    all.some(({ metadata }) => metadata.name.startsWith('runbook')),
    'the place is not applied',
  )
  const [, place = ''] = /deploy=(https:[^"]+)/.exec(component) ?? []
  const { groups } = find(all, 'PrometheusRule').spec
  const annotations: Alert['annotations'][] = groups.flatMap(({ rules }: Manifest) =>
    rules.map((it: Manifest) => it.annotations),
  )
  t.same(
    annotations,
    alerts.map(({ alert, annotations }) => ({
      ...annotations,
      runbook_url: `${place}/runbook/${alert}.md`,
    })),
  )
})

t.test('the README leads to the runbook', async (t) =>
  t.match(readFileSync(join(ROOT, 'README.md'), 'utf8'), '](deploy/runbook/README.md)'),
)
