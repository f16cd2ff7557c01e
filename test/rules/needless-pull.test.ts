import { readImage } from '../../src/image/image.ts'
import { NO_FACTS } from '../../src/image/tag-kind.ts'
import { needlessPull } from '../../src/rules/needless-pull.ts'
import { ruleTable } from './rule-table.ts'

const digest = `@sha256:${'0'.repeat(64)}`
const told = (image: string) =>
  `${readImage(image, NO_FACTS).kind.why}, yet imagePullPolicy Always asks the registry at each start`

ruleTable(needlessPull, [
  ['redis:7.2.4', { pullPolicy: 'Always' }, told('redis:7.2.4')],
  ['redis:nightly-20240115', { pullPolicy: 'Always' }, told('redis:nightly-20240115')],
  [`redis${digest}`, { pullPolicy: 'Always' }, told(`redis${digest}`)],
  ['redis:7.2.4', { pullPolicy: 'IfNotPresent' }, undefined],
  ['redis:7.2.4', { pullPolicy: 'Never' }, undefined],
  ['redis:7.2.4', {}, undefined],
  // An opaque tag is pushed again in practice.
  ['redis:experiment', { pullPolicy: 'Always' }, undefined],
  ['redis:alpine', { pullPolicy: 'Always' }, undefined],
  ['redis', { pullPolicy: 'Always' }, undefined],
  // Kubernetes reads the tag and sets Always itself.
  [`redis:latest${digest}`, { pullPolicy: 'Always' }, undefined],
  ['redis:7.2.4', { pullPolicy: 'Always', cluster: { alwaysPullImages: true } }, undefined],
])
