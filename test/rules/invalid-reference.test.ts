import { invalidReference } from '../../src/rules/invalid-reference.ts'
import { firesOn } from './fires-on.ts'

firesOn(
  invalidReference,
  ['Nginx:1', 'nginx:', 'http://x/y:1', 'nginx:1.2+3', '{{ .Values.image }}', 'busybox:1.36.<patch>'],
  ['nginx', 'nginx:1.2.3', 'localhost:5000/foo:Bar'],
)
