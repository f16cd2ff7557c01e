import { digestMissing } from '../../src/rules/digest-missing.ts'
import { firesOn } from './fires-on.ts'

firesOn(
  digestMissing,
  ['nginx', 'nginx:1.2.3', 'nginx:alpine'],
  [
    `nginx@sha256:${'0'.repeat(64)}`,
    `nginx:latest@sha256:${'0'.repeat(64)}`,
    // One thing at a time: what does not parse is told by invalidReference.
    'Nginx',
  ],
)
