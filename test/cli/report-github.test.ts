import t from 'tap'
import { githubReport } from '../../src/cli/report-github.ts'
import { EMPTY_REPORT, sampleReport } from './sample-report.ts'

t.test('a workflow command for each finding and for each thing not read', async (t) => {
  const lines = githubReport(sampleReport()).split('\n')
  t.equal(lines.length, 7)
  t.match(
    lines[0],
    /^::error file=deploy\/web 1%2C2%25\.yaml,line=8,title=tallyman partialTag::Deployment\/web, init container "fetch": busybox/,
  )
  t.match(lines[1], /^::warning file=.*,line=11,title=tallyman floatingTag::/)
  t.equal(lines[4], '::error file=b.yaml,line=3,title=tallyman could not read this::50%25 of it%0Ais broken')
  t.equal(lines[5], '::error file=c.yaml,title=tallyman could not read this::there is no such file')
})

t.test('a name cannot begin a command of its own', async (t) => {
  for (const line of githubReport(sampleReport('a\n::set-env name=x::y\r:,')).split('\n').slice(0, 4))
    t.match(line, /^::(?:error|warning) file=a%0A%3A%3Aset-env name=x%3A%3Ay%0D%3A%2C,line=/)
})

t.test('nothing found is nothing printed', async (t) => t.equal(githubReport(EMPTY_REPORT), ''))
