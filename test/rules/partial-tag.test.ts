import { partialTag } from '../../src/rules/partial-tag.ts'
import { firesOn } from './fires-on.ts'

firesOn(
  partialTag,
  ['nginx:1', 'nginx:1.25', 'nginx:v1.25-alpine', 'team/exp:42'],
  [
    'nginx',
    'nginx:1.25.3',
    'nginx:1.25-1',
    'nginx:stable',
    'team/exp:run-42',
    `nginx:1.25@sha256:${'0'.repeat(64)}`,
  ],
)
