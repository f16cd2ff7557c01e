import fc from 'fast-check'
import t from 'tap'
import { admit } from '../../src/admission/admit.ts'
import { adviceLines, lintManifest, messageText, whereText, whyText } from '../../src/cli/lint-finding.ts'
import type { Manifest } from '../../src/cli/manifests.ts'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import { MODES } from '../../src/policy/mode.ts'
import { withMode } from '../../src/policy/with-mode.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const ENFORCE = withMode(builtInPolicy(), 'enforce')

function manifest(kind: string, apiVersion: string, object: object): Manifest {
  return { apiVersion, kind, object: object as Manifest['object'], lineOf: () => 7 }
}

function pod(containers: object[], metadata: object = { name: 'a' }): Manifest {
  return manifest('Pod', 'v1', { metadata, spec: { containers } })
}

t.test('a finding says where it is', async (t) => {
  const { images, findings } = lintManifest(
    pod(
      [
        { name: 'main', image: 'nginx' },
        { name: 'ok', image: 'nginx:1.25.3' },
      ],
      { generateName: 'a-', namespace: 'team-a' },
    ),
    'a.yaml',
    'default',
    ENFORCE,
    NOW,
  )
  t.equal(images, 2)
  t.match(findings, [
    {
      file: 'a.yaml',
      line: 7,
      object: { apiVersion: 'v1', kind: 'Pod', namespace: 'team-a', name: 'a-...' },
      finding: { rule: 'latestTag', mode: 'enforce' },
    },
  ])
})

const namespaces: [metadata: unknown, namespace: string][] = [
  [{ namespace: 'team-a' }, 'team-a'],
  [{ namespace: '' }, 'given'],
  [{ namespace: 7 }, 'given'],
  [{}, 'given'],
  [null, 'given'],
  ['text', 'given'],
  [undefined, 'given'],
]
for (const [metadata, namespace] of namespaces) {
  t.test(`metadata ${JSON.stringify(metadata)} is in ${namespace}`, async (t) => {
    const [found] = lintManifest(
      pod([{ image: 'nginx' }], metadata as object),
      'f',
      'given',
      ENFORCE,
      NOW,
    ).findings
    t.equal(found?.object.namespace, namespace)
  })
}

t.test('the group of an object is that of its apiVersion', async (t) => {
  const template = { spec: { template: { spec: { containers: [{ image: 'nginx' }] } } } }
  const found = (apiVersion: string) =>
    lintManifest(manifest('Job', apiVersion, template), 'f', 'd', ENFORCE, NOW).images
  t.equal(found('batch/v1'), 1)
  t.equal(found('v1'), 0)
  t.equal(found('example.com/v1'), 0)
})

t.test('nothing an object holds gets out as more than plain text', async (t) => {
  const evil = '\u001b[2J\n::error::x\u202e\u009b'
  const { findings } = lintManifest(
    pod([{ name: evil, image: evil }], { name: evil }),
    'f',
    'd',
    ENFORCE,
    NOW,
  )
  t.equal(findings.length, 1)
  for (const found of findings)
    for (const text of [whereText(found), whyText(found), messageText(found), ...adviceLines(found, '  ')])
      t.match(text, /^[\x20-\x7e]*$/)
})

t.test('a command to paste stays in one line, and no advice is given twice', async (t) => {
  const image = `volatile-registry.console.elementai.com/${'long-name/'.repeat(6)}app:1.4.2`
  const deployment = {
    metadata: { name: 'a' },
    spec: { template: { spec: { containers: [{ name: 'm', image }] } } },
  }
  const [found] = lintManifest(manifest('Deployment', 'apps/v1', deployment), 'f', 'd', ENFORCE, NOW).findings
  t.ok(found)
  if (found === undefined) return
  const command = found.finding.remedy?.command
  t.type(command, 'string')
  t.ok(adviceLines(found, '    ').some((line) => line.endsWith(command ?? '?')))
  const [invalid] = lintManifest(pod([{ image: 12 }]), 'f', 'd', ENFORCE, NOW).findings
  t.ok(invalid && !adviceLines(invalid, '').some((line) => line.includes(invalid.finding.action)))
})

t.test('the verdict is the one of the webhook on the same object, created by a person', async (t) => {
  const image = fc.oneof(
    fc.constantFrom(
      'nginx',
      'nginx:1.25',
      'nginx:1.25.3',
      'redis:alpine',
      'Nginx:1',
      'app:main',
      'volatile-registry.console.elementai.com/a:1.4.2-200days',
      'registry.console.elementai.com/a:42',
    ),
    fc.string(),
    fc.constant(undefined),
    fc.integer(),
  )
  const container = fc.record({
    name: fc.constantFrom('a', 'b', ''),
    image,
    imagePullPolicy: fc.constantFrom(undefined, 'Always', 'IfNotPresent', 'Never'),
  })
  const spec = fc.record({
    initContainers: fc.array(container, { maxLength: 2 }),
    containers: fc.array(container, { maxLength: 3 }),
    activeDeadlineSeconds: fc.constantFrom(undefined, 60, 900_000),
  })
  const kind = fc.constantFrom(
    ['Pod', '', 'v1'],
    ['Deployment', 'apps', 'apps/v1'],
    ['Job', 'batch', 'batch/v1'],
  )
  await fc.assert(
    fc.asyncProperty(
      kind,
      spec,
      fc.constantFrom(...MODES),
      async ([kind = '', group = '', apiVersion = ''], spec, mode) => {
        const policy = withMode(builtInPolicy(), mode)
        const object = { metadata: { name: 'a' }, spec: kind === 'Pod' ? spec : { template: { spec } } }
        const linted = lintManifest(manifest(kind, apiVersion, object), 'f', 'team-a', policy, NOW)
        const { judgement } = await admit(
          {
            uid: 'u',
            kind: { group, version: 'v1', kind },
            resource: { group, version: 'v1', resource: `${kind.toLowerCase()}s` },
            name: 'a',
            namespace: 'team-a',
            operation: 'CREATE',
            userInfo: { username: 'person', groups: ['system:authenticated'] },
            object,
            oldObject: null,
            dryRun: false,
          },
          { for: (name) => ({ policy, namespace: { name, labels: {} } }) },
          NOW,
        )
        t.strictSame(
          linted.findings.map(({ finding }) => finding),
          judgement?.findings,
        )
        t.equal(linted.images, judgement?.images)
      },
    ),
    { numRuns: 100 },
  )
})
