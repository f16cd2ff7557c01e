import t from 'tap'
import { csvPreview } from '../../src/cli/preview-csv.ts'
import { DIGEST } from '../preview/objects.ts'
import { breakage, GROUPS, report } from './preview-reports.ts'

t.test('a line for each image', async (t) => {
  t.equal(
    csvPreview(report([breakage()])),
    `namespace,kind,name,denied,from,container,image,rules,replaceBy,pullPolicy,firstRun,runningVersions,exemption,exemptUntil\r\nteam-a,Deployment,web,change,,main,busybox:1.36,partialTag,busybox:1.36@${DIGEST},,,2,,\r\n`,
  )
})

t.test('an exemption that covers it no more', async (t) => {
  const [image] = breakage().images
  const own = breakage({
    images: image && [{ ...image, expired: { name: 'vendor', expires: '2026-12-10' } }],
  })
  t.match(csvPreview(report([own])), /,2,vendor,2026-12-10\r\n$/)
})

t.test('a line for each value of a label', async (t) => {
  t.equal(csvPreview(report([], GROUPS)), 'team,workloads,denied\r\nvision,3,1\r\n,0,0\r\n')
})

const cells: [value: string, cell: string][] = [
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@sum', "'@sum"],
  ['a,b', '"a,b"'],
  ['a"b', '"a""b"'],
  ['a\nb', 'a\\u{a}b'],
]
for (const [value, cell] of cells) {
  t.test(`${JSON.stringify(value)} as a cell`, async (t) => {
    const [image] = breakage().images
    const own = breakage({
      images: [{ ...image, container: value, image: 'x', rules: [], problem: '', running: [] }],
    })
    t.equal(
      csvPreview(report([own])).split('\r\n')[1],
      `team-a,Deployment,web,change,,${cell},x,,busybox:1.36@${DIGEST},,,0,,`,
    )
  })
}
