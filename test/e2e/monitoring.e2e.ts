// What deploy/components/monitoring and dashboard ask for, asked of a real Prometheus that scrapes real replicas of tallyman and
// the real API server.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { expectSuccess } from '../control-plane/namespaces.ts'
import { until } from '../control-plane/until.ts'
import { alerts, dashboardQueries, metricsIn, ruleGroups } from '../deploy/monitoring.ts'
import { NO_PROMETHEUS } from '../prometheus/programs.ts'
import { Prometheus } from '../prometheus/server.ts'
import { apiPath } from './api-path.ts'
import { expectDone } from './kubectl.ts'
import { policy } from './policy.ts'
import { signal } from './programs.ts'
import { prometheus as programs } from './prometheus-programs.ts'
import { serviceAccount } from './service-account.ts'
import { setUp } from './set-up.ts'

const WITHIN_MS = 60_000
/** What only somebody else has: kube-state-metrics is no part of this cluster, and these replicas are bounded by no container. */
const ELSEWHERE = /\b(?:kube_|tallyman_memory_limit_bytes\b)/
const DAY_MS = 24 * 60 * 60 * 1000
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)

const POLICY = policy({
  mode: 'enforce',
  namespaceModes: [{ namespaces: ['warned'], mode: 'warn' }],
  exemptions: [
    { name: 'vendor', images: ['vendor.example.com/agent'], reason: 'theirs', expires: inDays(10) },
    { name: 'legacy', images: ['legacy.example.com/**'], reason: 'old', expires: inDays(60) },
  ],
})

t.test('monitoring', { skip: programs === undefined && NO_PROMETHEUS }, async (t) => {
  const { controlPlane, tallyman } = await setUp(t, { policy: POLICY, replicas: 2 })
  const { admin } = controlPlane
  const replicas = tallyman.replicas.map(({ probePort }, index) => ({
    targets: [`127.0.0.1:${probePort}`],
    labels: { namespace: 'tallyman', pod: `tallyman-${index}` },
  }))

  async function scraping(program: string): Promise<Prometheus> {
    const { certificate, key } = await controlPlane.issue({ name: 'prometheus', groups: ['system:masters'] })
    const [ca, cert, privateKey] = ['ca.crt', 'prometheus.crt', 'prometheus.key'].map((name) =>
      join(controlPlane.folder, name),
    ) as [string, string, string]
    await writeFile(cert, certificate)
    await writeFile(privateKey, key, { mode: 0o600 })
    return await Prometheus.start({
      program,
      supervisor: controlPlane.supervisor,
      signal,
      rules: { groups: ruleGroups },
      scrape: [
        { job_name: 'tallyman', static_configs: replicas },
        {
          job_name: 'apiserver',
          scheme: 'https',
          tls_config: { ca_file: ca, cert_file: cert, key_file: privateKey },
          static_configs: [{ targets: [new URL(controlPlane.server).host] }],
        },
      ],
    })
  }

  const pods = (namespace: string) => apiPath('v1', 'pods', namespace)
  let made = 0
  const pod = (image: string) => ({
    metadata: { name: `a-${made++}` },
    spec: { containers: [{ name: 'main', image }] },
  })

  /** Verdicts of every outcome, on both replicas, of a service account too, and one that the API server had to do without. */
  async function happenings(): Promise<void> {
    await controlPlane.createNamespace('warned')
    const { client } = await serviceAccount(t, controlPlane, 'team-a', 'robot')
    for (const replica of tallyman.replicas) {
      tallyman.route([replica])
      for (const image of ['vendor.example.com/agent:latest', 'registry.example.com/a:1.2.3'])
        expectSuccess(await admin.create(pods('team-a'), pod(image)), 'creating a Pod')
      expectSuccess(await admin.create(pods('warned'), pod('nginx')), 'creating a Pod that is warned about')
      t.equal((await client.create(pods('team-a'), pod('nginx'))).status, 403)
    }
    // Stopped, not taken out of the Service: on the connections that the API server keeps, they would still answer.
    for (const { process } of tallyman.replicas) process.signal('SIGSTOP')
    // A signal is on its way for a moment, in which they still deny.
    await until('a Pod to be created unchecked', WITHIN_MS, signal, async () => {
      const { status } = await admin.create(`${pods('team-a')}?dryRun=All`, pod('nginx'))
      return status === 201 ? true : undefined
    })
    for (const { process } of tallyman.replicas) process.signal('SIGCONT')
    // Whoever answers this has taken up what waited before it, late as it is: it is no part of what is scraped as new.
    await Promise.all(tallyman.replicas.map((replica) => replica.probe('readyz')))
    tallyman.route()
  }

  await happenings()
  const prometheus = await scraping(programs?.prometheus ?? '')
  const holds = (expr: string) =>
    until(expr, WITHIN_MS, signal, async () => (await prometheus.query(expr))[0])
  await holds('count(count_over_time(up[1m]) > 3 and up == 1) == 3')
  // Seen to happen, not only to have happened: what is asked by rates has an answer.
  expectSuccess(await admin.create(pods('team-a'), pod('registry.example.com/a:1.2.3')), 'creating a Pod')
  await holds('sum(rate(tallyman_verdict_duration_seconds_count[1m])) > 0')
  await holds(
    'sum(rate(apiserver_admission_webhook_admission_duration_seconds_count{name=~".+[.]tallyman[.]dev"}[1m])) > 0',
  )

  await t.test('every metric that is asked for is there', async (t) => {
    const asked = new Set([...alerts, ...dashboardQueries].flatMap(({ expr }) => metricsIn(expr)))
    for (const name of [...asked].filter((name) => !ELSEWHERE.test(name)))
      t.ok((await prometheus.query(`count({__name__="${name}"})`)).length === 1, name)
  })

  await t.test('every label that alerts ask tallyman and the API server for is there', async (t) => {
    const selectors = alerts.flatMap(
      ({ expr }) => expr.match(/\b(?:tallyman|process|nodejs|apiserver)_\w+\s*\{[^}]*\}/g) ?? [],
    )
    t.ok(selectors.length > 15, `${selectors.length} selectors`)
    for (const selector of selectors.filter((selector) => !ELSEWHERE.test(selector))) {
      // Those of the component certificate-files have no managed certificate, and nothing has been refused for want of a verdict.
      const here = selector
        .replace('source="managed"', 'source="file"')
        .replace('error_type!=', 'error_type=')
      t.ok((await prometheus.query(here)).length > 0, selector)
    }
  })

  for (const { title, expr } of dashboardQueries.filter(({ expr }) => !ELSEWHERE.test(expr)))
    await t.test(`the dashboard's ${title} shows something: ${expr}`, async (t) => {
      const samples = await prometheus.query(expr)
      t.ok(samples.length > 0)
      for (const { value } of samples) t.ok(Number.isFinite(Number(value[1])), `${value[1]}`)
    })

  await t.test('what it shows is what happened', async (t) => {
    const value = async (expr: string) => Number((await prometheus.query(expr))[0]?.value[1])
    const counted = async (name: string, labels: Record<string, string>) => {
      const counts = await Promise.all(tallyman.replicas.map((it) => it.metric(name, labels)))
      return counts.reduce((sum, count) => sum + count, 0)
    }
    const denied = await counted('tallyman_verdicts_total', { outcome: 'denied' })
    t.ok(denied >= 2)
    t.equal(await value('sum(tallyman_verdicts_total{outcome="denied"})'), denied)
    t.equal(await value('sum(tallyman_exemption_uses_total{exemption="vendor"})'), 2)
    t.equal(await value('max(tallyman_namespaces{stage="warn"})'), 1)
    t.ok((await value('max(tallyman_namespaces{stage="enforce"})')) > 1)
    t.equal(await value('sum(tallyman_ready)'), 2)
    t.ok(
      (await value('sum(apiserver_admission_webhook_fail_open_count{name="image-tags.tallyman.dev"})')) >= 1,
    )
  })

  await t.test(
    'every alert can be evaluated, and of a healthy tallyman only the exemption that ends is told',
    async (t) => {
      const rules = await until('the rules to be evaluated', WITHIN_MS, signal, async () => {
        const rules = await prometheus.rules()
        return rules.every(({ health }) => health !== 'unknown') ? rules : undefined
      })
      t.same(rules.map(({ name }) => name).toSorted(), alerts.map(({ alert }) => alert).toSorted())
      for (const { name, health, lastError, state } of rules) {
        t.equal(health, 'ok', `${name}: ${lastError ?? ''}`)
        t.equal(state, name === 'TallymanExemptionEnds' ? 'firing' : 'inactive', name)
      }
    },
  )

  await t.test('a webhook configuration that is deleted is seen, and so is its return', async (t) => {
    const registered = async (value: number) =>
      await holds(`min(tallyman_registered{job="tallyman"}) == ${value}`)
    await registered(1)
    const configuration = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/tallyman'
    expectSuccess(await admin.send('DELETE', configuration), 'deleting the webhook configuration')
    await registered(0)
    await until('TallymanNotRegistered to be pending', WITHIN_MS, signal, async () => {
      const rules = await prometheus.rules()
      return rules.find(({ name, state }) => name === 'TallymanNotRegistered' && state === 'pending')
    })
    for (const replica of tallyman.replicas)
      t.equal((await replica.probe('readyz')).status, 200, 'nothing else shows it')
    expectDone(await tallyman.apply())
    await registered(1)
    await until('TallymanNotRegistered to be over', WITHIN_MS, signal, async () => {
      const rules = await prometheus.rules()
      return rules.find(({ name, state }) => name === 'TallymanNotRegistered' && state === 'inactive')
    })
  })

  await t.test('when all replicas are gone, the alert that says so is on its way', async () => {
    for (const replica of tallyman.replicas) await replica.kill()
    await until('TallymanDown to be pending', WITHIN_MS, signal, async () => {
      const rules = await prometheus.rules()
      return rules.find(({ name, state }) => name === 'TallymanDown' && state === 'pending')
    })
  })
})
