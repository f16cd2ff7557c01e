import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Alert } from '../deploy/monitoring.ts'
import type { AlertCase } from './alert-cases.ts'

/** What promtool printed, and whether it was content. */
export interface Checked {
  readonly ok: boolean
  readonly said: string
}

/** `promtool check rules`, with the lints that it has. @param folder takes the file */
export async function checkRules(promtool: string, folder: string, groups: unknown): Promise<Checked> {
  const file = join(folder, 'rules.yaml')
  await writeFile(file, stringify({ groups }))
  return await run(promtool, ['check', 'rules', '--lint=all', '--lint-fatal', file])
}

/** `promtool test rules` of one case: at that time just these alerts fire, with these texts. @param folder holds rules.yaml */
export async function testAlert(
  promtool: string,
  folder: string,
  { alert, series, at, fires }: AlertCase,
  { labels, annotations }: Alert,
): Promise<Checked> {
  const test = {
    interval: '1m',
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: [
      {
        eval_time: at,
        alertname: alert,
        exp_alerts: fires.map((firing) => ({
          exp_labels: { ...labels, ...firing.labels },
          exp_annotations: { ...annotations, description: firing.description },
        })),
      },
    ],
  }
  const file = join(folder, 'test.yaml')
  await writeFile(file, stringify({ rule_files: ['rules.yaml'], evaluation_interval: '1m', tests: [test] }))
  return await run(promtool, ['test', 'rules', file])
}

/** A sample that an expression should have, `{pod="a"}` say, with its value. */
export interface ExpectedSample {
  readonly labels: string
  readonly value: number
}

/** `promtool test rules` of one expression: at that time it has just these samples. @param folder takes the file */
export async function testExpression(
  promtool: string,
  folder: string,
  series: AlertCase['series'],
  expr: string,
  at: string,
  samples: readonly ExpectedSample[],
): Promise<Checked> {
  const test = {
    interval: '1m',
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: [{ expr, eval_time: at, exp_samples: samples }],
  }
  const file = join(folder, 'test.yaml')
  await writeFile(file, stringify({ rule_files: [], evaluation_interval: '1m', tests: [test] }))
  return await run(promtool, ['test', 'rules', file])
}

function run(program: string, args: readonly string[]): Promise<Checked> {
  return new Promise((resolve) => {
    execFile(program, args, (error, stdout, stderr) =>
      resolve({ ok: error === null, said: `${stdout}${stderr}`.trim() }),
    )
  })
}
