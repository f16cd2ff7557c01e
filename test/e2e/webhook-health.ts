import type { ApiClient } from '../control-plane/api-client.ts'

/** How an API server got on with its webhooks, as its own metrics say. */
export interface WebhookHealth {
  /** Answers that it could use. */
  readonly answers: number
  /** Series that count what should not be: calls that failed, and requests that were admitted for want of an answer. */
  readonly errors: readonly string[]
}

export async function webhookHealth(admin: ApiClient): Promise<WebhookHealth> {
  return readHealth(String((await admin.get('/metrics')).body))
}

/** Source: k8s.io/apiserver pkg/admission/metrics. A denial counts as a rejection too, with the error type `no_error`. */
export function readHealth(exposition: string): WebhookHealth {
  const series = exposition.split('\n').filter((line) => line.startsWith('apiserver_admission_webhook_'))
  const of = (name: string) =>
    series.filter((line) => line.startsWith(`apiserver_admission_webhook_${name}{`))
  const answers = of('request_total')
    .filter((line) => line.includes('name="image-tags.tallyman.dev"'))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
  const rejections = of('rejection_count').filter((line) => !line.includes('error_type="no_error"'))
  return { answers, errors: [...rejections, ...of('fail_open_count')] }
}
