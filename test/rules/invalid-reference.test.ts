import t from 'tap'
import { invalidReference } from '../../src/rules/invalid-reference.ts'
import { firesOn } from './fires-on.ts'
import { check } from './rule-table.ts'

firesOn(
  invalidReference,
  ['Nginx:1', 'nginx:', 'http://x/y:1', 'nginx:1.2+3', '{{ .Values.image }}', 'busybox:1.36.<patch>'],
  ['nginx', 'nginx:1.2.3', 'localhost:5000/foo:Bar'],
)

const actions: [image: string, action: string][] = [
  ['Nginx:1', 'write a legal image reference'],
  ['nginx:1:2', 'write it as HOST/NAME:TAG, or as NAME:TAG from Docker Hub'],
  ['busybox:1.36.<patch>', 'put the real value in its place'],
  ['nginx:{{ .Values.tag }}', 'render it first: helm template does, if it is from a chart'],
]
for (const [image, action] of actions) {
  t.test(`of ${image} it says: ${action}`, async (t) =>
    t.match(check(invalidReference, image, {}), { action }),
  )
}
