import t from 'tap'
import { saysMirror } from '../../src/workload/mirror-pod.ts'
import { objectMeta } from '../../src/workload/object-meta.ts'

const cases: [metadata: unknown, mirror: boolean][] = [
  [{ annotations: { 'kubernetes.io/config.mirror': '5f1c' } }, true],
  [{ annotations: { 'kubernetes.io/config.source': 'file' } }, false],
  [{ labels: { 'kubernetes.io/config.mirror': '5f1c' } }, false],
  [undefined, false],
]
for (const [metadata, mirror] of cases) {
  t.test(JSON.stringify(metadata) ?? 'nothing', async (t) =>
    t.equal(saysMirror(objectMeta({ metadata })), mirror),
  )
}
