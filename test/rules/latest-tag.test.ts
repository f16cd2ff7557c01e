import { latestTag } from '../../src/rules/latest-tag.ts'
import { firesOn } from './fires-on.ts'

firesOn(
  latestTag,
  ['nginx', 'nginx:latest', 'localhost:5000/foo', 'team/app:cuda-latest', 'nginx:Latest'],
  ['nginx:1.2.3', 'nginx:1.2', 'nginx:stable', `nginx:latest@sha256:${'0'.repeat(64)}`, 'Nginx:latest'],
)
