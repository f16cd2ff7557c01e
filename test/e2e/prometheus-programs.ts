import { screen } from '../control-plane/screen.ts'
import { settings } from '../control-plane/settings.ts'
import { type PrometheusPrograms, prometheusPrograms } from '../prometheus/programs.ts'
import { signal } from './programs.ts'

/** Prometheus and promtool, fetched by now (`make e2e` does it before the tests' clocks start); undefined where there are none. */
export const prometheus: PrometheusPrograms | undefined = await prometheusPrograms(
  settings(process.env).cache,
  process.env.PATH ?? '',
  screen,
  signal,
)
