import { floatingTag } from '../../src/rules/floating-tag.ts'
import { firesOn } from './fires-on.ts'

firesOn(
  floatingTag,
  ['redis:alpine', 'redis:stable', 'team/app:main', 'team/app:1.2.3-SNAPSHOT', 'team/app:prod'],
  [
    'redis',
    'redis:7.2.4-alpine',
    'redis:7.2',
    'team/app:nightly-20240115',
    `redis:alpine@sha256:${'0'.repeat(64)}`,
  ],
)
