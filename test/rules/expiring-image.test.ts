import { expiringImage } from '../../src/rules/expiring-image.ts'
import { ruleTable } from './rule-table.ts'

const volatile = 'volatile-registry.console.elementai.com'
const DAY = 86_400

ruleTable(expiringImage, [
  [
    `${volatile}/team/a:1.4.2`,
    { kind: ['apps', 'Deployment'] },
    `is deleted by ${volatile} after 24 hours, while this runs on`,
  ],
  [
    `${volatile}/team/a:1.4.2-7days`,
    { kind: ['apps', 'Deployment'] },
    `is deleted by ${volatile} after 7 days, while this runs on`,
  ],
  [
    `${volatile}/team/a@sha256:${'0'.repeat(64)}`,
    { kind: ['apps', 'Deployment'] },
    `is deleted by ${volatile} after 24 hours, while this runs on`,
  ],
  ['registry.console.elementai.com/team/a:1.4.2', { kind: ['apps', 'Deployment'] }, undefined],
  ['team/a:1.4.2-7days', { kind: ['apps', 'Deployment'] }, undefined],
  [`${volatile}/team/a:1.4.2`, {}, undefined],
  [`${volatile}/team/a:1.4.2`, { deadlineSeconds: DAY }, undefined],
  [
    `${volatile}/team/a:1.4.2`,
    { deadlineSeconds: DAY + 1 },
    `is deleted by ${volatile} after 24 hours, before activeDeadlineSeconds 86401 is over`,
  ],
  [`${volatile}/team/a:1.4.2-2days`, { deadlineSeconds: DAY + 1 }, undefined],
  [
    `${volatile}/team/a:1.4.2-120days`,
    {},
    `asks ${volatile} to keep it longer than the 90 days that it keeps a tag at most`,
  ],
  [`${volatile}/team/a:1.4.2-90days`, {}, undefined],
  [`${volatile}/team/a:1.4.2-3months`, {}, undefined],
  [
    `${volatile}/team/a:1.4.2-4months`,
    {},
    `asks ${volatile} to keep it longer than the 3 months that it keeps a tag at most`,
  ],
  [
    `${volatile}/team/a:1.4.2-10day`,
    {},
    `ends in -10day, which ${volatile} does not recognise: it is deleted after 24 hours`,
  ],
  [
    `${volatile}/team/a:1.4.2-2weeks`,
    {},
    `ends in -2weeks, which ${volatile} does not recognise: it is deleted after 24 hours`,
  ],
])
