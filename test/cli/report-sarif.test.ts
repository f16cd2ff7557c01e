import t from 'tap'
import { sarifReport } from '../../src/cli/report-sarif.ts'
import { RULES } from '../../src/rules/index.ts'
import { EMPTY_REPORT, sampleReport } from './sample-report.ts'

t.test('what a code scanning service takes in', async (t) => {
  const { version, $schema, runs } = JSON.parse(sarifReport(sampleReport()))
  t.equal(version, '2.1.0')
  t.match($schema, /sarif-schema-2\.1\.0\.json$/)
  const [run] = runs
  t.equal(run.tool.driver.rules.length, RULES.length)
  for (const rule of run.tool.driver.rules)
    for (const field of ['shortDescription', 'fullDescription', 'help']) t.type(rule[field].text, 'string')
  for (const result of run.results) {
    t.equal(run.tool.driver.rules[result.ruleIndex].id, result.ruleId)
    const [{ physicalLocation }] = result.locations
    t.equal(physicalLocation.artifactLocation.uri, 'deploy/web%201%2C2%25.yaml', 'a relative URI')
    t.ok(physicalLocation.region.startLine >= 1)
  }
  t.strictSame(
    run.results.map(({ level }: { level: string }) => level),
    ['error', 'warning', 'error', 'warning'],
  )
  const [invocation] = run.invocations
  t.equal(invocation.executionSuccessful, false)
  t.equal(invocation.toolExecutionNotifications.length, 2)
})

t.test('paths become URIs', async (t) => {
  const uri = (file: string) =>
    JSON.parse(sarifReport(sampleReport(file))).runs[0].results[0].locations[0].physicalLocation
      .artifactLocation.uri
  t.equal(uri('./a/b.yaml'), 'a/b.yaml')
  t.equal(uri('/a b/c.yaml'), 'file:///a%20b/c.yaml')
})

t.test('nothing found is a successful run', async (t) => {
  const [run] = JSON.parse(sarifReport(EMPTY_REPORT)).runs
  t.strictSame(run.results, [])
  t.equal(run.invocations[0].executionSuccessful, true)
})
