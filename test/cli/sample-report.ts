import { lintManifest } from '../../src/cli/lint-finding.ts'
import type { LintReport } from '../../src/cli/lint-report.ts'
import { readManifests } from '../../src/cli/manifests.ts'
import { builtInPolicy } from '../../src/policy/built-in.ts'
import { withMode } from '../../src/policy/with-mode.ts'

const MANIFEST = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: team-web}
spec:
  template:
    spec:
      initContainers:
        - {name: fetch, image: "busybox:1.36"}
      containers:
        - name: cache
          image: "redis:alpine"
          imagePullPolicy: Always
        - name: web
          image: "volatile-registry.console.elementai.com/team/web:latest"
`

/** A report with findings of two modes, two findings of one container, and something that was not read. */
export function sampleReport(file = 'deploy/web 1,2%.yaml'): LintReport {
  const policy = withMode(builtInPolicy(), 'enforce')
  const [object] = readManifests(MANIFEST).objects
  if (object === undefined) throw new Error('the sample holds an object')
  const { images, findings } = lintManifest(object, file, 'default', policy, new Date('2026-11-23T12:00:00Z'))
  return {
    findings,
    images,
    objects: 1,
    unread: [
      { file: 'b.yaml', line: 3, message: '50% of it\nis broken' },
      { file: 'c.yaml', message: 'there is no such file' },
    ],
  }
}

export const EMPTY_REPORT: LintReport = { findings: [], unread: [], objects: 0, images: 0 }
