import t from 'tap'
import { adviceLines, lintManifest, messageText, whereText, whyText } from '../../src/cli/lint-finding.ts'
import type { Manifest } from '../../src/cli/manifests.ts'
import { builtInPolicy } from '../../src/policy/built-in.ts'
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
  const command = found.finding.remedy()?.command
  t.type(command, 'string')
  t.ok(adviceLines(found, '    ').some((line) => line.endsWith(command ?? '?')))
  const [invalid] = lintManifest(pod([{ image: 12 }]), 'f', 'd', ENFORCE, NOW).findings
  t.ok(invalid && !adviceLines(invalid, '').some((line) => line.includes(invalid.finding.action)))
})
