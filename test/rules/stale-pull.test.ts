import { stalePull } from '../../src/rules/stale-pull.ts'
import { ruleTable } from './rule-table.ts'

ruleTable(stalePull, [
  [
    'redis:alpine',
    { pullPolicy: 'IfNotPresent' },
    'moves, but imagePullPolicy IfNotPresent keeps the copy a node already has',
  ],
  [
    'redis:alpine',
    { pullPolicy: 'Never' },
    'moves, but imagePullPolicy Never runs whatever copy the node has',
  ],
  [
    'redis:1.36',
    {},
    'moves, but without imagePullPolicy (the default here is IfNotPresent) a node keeps the copy it has',
  ],
  ['redis:1', { pullPolicy: 'Always' }, undefined],
  ['redis', {}, undefined],
  ['redis:latest', {}, undefined],
  [
    'redis:Latest',
    {},
    'moves, but without imagePullPolicy (the default here is IfNotPresent) a node keeps the copy it has',
  ],
  [
    'redis',
    { pullPolicy: 'IfNotPresent' },
    'moves, but imagePullPolicy IfNotPresent keeps the copy a node already has',
  ],
  ['redis:7.2.4', { pullPolicy: 'IfNotPresent' }, undefined],
  ['redis:alpine@sha256:'.padEnd(20 + 64, '0'), { pullPolicy: 'IfNotPresent' }, undefined],
  [
    'redis:alpine',
    { list: 'volumes', pullPolicyField: 'pullPolicy', pullPolicy: 'IfNotPresent' },
    'moves, but pullPolicy IfNotPresent keeps the copy a node already has',
  ],
  // A kind without a pull policy, a template's placeholder, a cluster that always pulls, a kind that resolves tags.
  ['redis:alpine', { pullPolicyField: undefined }, undefined],
  ['redis:alpine', { pullPolicy: '{{inputs.parameters.pull}}' }, undefined],
  ['redis:alpine', { cluster: { alwaysPullImages: true } }, undefined],
  ['redis:alpine', { kind: ['serving.knative.dev', 'Service'] }, undefined],
])
