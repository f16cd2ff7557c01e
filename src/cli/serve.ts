import { type Command, InvalidArgumentError } from 'commander'
import { MODES } from '../policy/mode.ts'
import { DRAIN } from '../server/drain.ts'
import { LogOutput, MAX_WAITING_BYTES } from '../server/log-output.ts'
import { createLogger, type LogLevel } from '../server/logging.ts'
import { type ServeOptions as ServerOptions, type Serving, serve as startServer } from '../server/serve.ts'
import { type CertificateOptions, certificateSource } from './certificate-source.ts'
import { contextOption } from './cluster-option.ts'
import { CommandError, type CommandModule, EXIT } from './command.ts'
import { option } from './environment.ts'
import { eventWriter } from './event-writer.ts'
import { hostInUrl, parseHost, parsePort } from './listen-address.ts'
import { policyOption } from './policy-option.ts'
import { type PolicySourceOptions, policySource } from './policy-source.ts'
import { type ServeClusterOptions, serveCluster } from './serve-cluster.ts'
import { version } from './version.ts'

const TLS_VERSIONS = ['1.3', '1.2'] as const
const STANDARD_OUTPUT = 1
const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

export interface ServeOptions extends PolicySourceOptions, ServeClusterOptions, CertificateOptions {
  readonly events?: boolean
  readonly tlsMinVersion: (typeof TLS_VERSIONS)[number]
  readonly host: string
  readonly port: number
  readonly probeHost?: string
  readonly probePort: number
  readonly drainSeconds: number
  readonly logLevel: LogLevel
}

const HELP = `
Answers POST /validate over HTTPS, and /livez, /readyz and /metrics over HTTP on the probe port. In
a Pod it follows the TagPolicies and namespaces of its cluster, unless --policy names a file. Files
are read again when they change; a policy or a certificate that cannot be used is logged, and the
last good one stays. SIGTERM and SIGINT drain: readiness fails at once, requests are answered until
nobody is connected; a second SIGINT ends it at once.

Examples:
  tallyman certs --out certs
  tallyman serve --tls-cert certs/tls.crt --tls-key certs/tls.key --mode enforce
  TALLYMAN_POLICY=policy.yaml TALLYMAN_TLS_CERT=tls.crt TALLYMAN_TLS_KEY=tls.key \\
    tallyman serve --host 0.0.0.0

Exit codes: 0 drained, 1 a fault of tallyman's own, 2 a policy, certificate or option is unusable.`

/** `tallyman serve`: the webhook. */
export const serve: CommandModule<ServeOptions> = {
  configure(command: Command): void {
    command
      .addOption(policyOption("a TagPolicy; the cluster's own in a Pod, else the built-in one"))
      .addOption(option('--kubeconfig <file>', 'the cluster whose policies hold, outside of a Pod of it'))
      .addOption(contextOption())
      .addOption(
        option(
          '--service-account <folder>',
          "in a Pod: where its token is, if not in the kubelet's usual place",
        ),
      )
      .option('--no-cluster', 'use the built-in policy, also in a Pod')
      .addOption(option('--mode <mode>', "replaces the policy's switch everywhere").choices(MODES))
      .addOption(option('--tls-cert <file>', 'the serving certificate and its chain, PEM'))
      .addOption(option('--tls-key <file>', 'its private key, PEM'))
      .addOption(
        option(
          '--certificate-secret <name>',
          'in a Pod: make and renew the certificate, kept in this Secret of its namespace',
        ),
      )
      .addOption(
        option('--service <name>', 'in a Pod: the Service by which the API server calls').default('tallyman'),
      )
      .addOption(
        option(
          '--events [yes]',
          'say on the owner of an object, in an Event, why it is denied or what is found',
        )
          .argParser(parseYes)
          .preset('true'),
      )
      .addOption(
        option('--tls-min-version <version>', 'the oldest TLS that is spoken')
          .choices(TLS_VERSIONS)
          .default('1.3'),
      )
      .addOption(
        option('--host <address>', 'the address to listen on; 0.0.0.0 or :: for every one')
          .argParser(parseHost)
          .default('127.0.0.1'),
      )
      .addOption(option('--port <port>', 'the port for the API server').argParser(parsePort).default(8443))
      .addOption(
        option('--probe-host <address>', 'the address for probes and metrics; that of --host').argParser(
          parseHost,
        ),
      )
      .addOption(
        option('--probe-port <port>', 'the port for probes and metrics').argParser(parsePort).default(8080),
      )
      .addOption(
        option('--drain-seconds <seconds>', 'how long a drain takes at most')
          .argParser(parseSeconds)
          .default(DRAIN.limitMs / 1000),
      )
      .addOption(
        option('--log-level <level>', 'the mildest that is logged').choices(LOG_LEVELS).default('info'),
      )
      .addHelpText('after', HELP)
  },

  async run(args, options, { stderr }) {
    if (args.length > 0) throw new CommandError(`serve takes no arguments, only options: ${args.join(' ')}`)
    const { host, port, probeHost = host, probePort } = options
    if (port !== 0 && port === probePort && host === probeHost)
      throw new CommandError(
        `--port and --probe-port are both ${port}; each listener needs a port of its own`,
      )
    const stop = new AbortController()
    const output = new LogOutput(STANDARD_OUTPUT, {
      faulty: (error) => stderr.write(faultText(error)),
      gap: (lines) => log.warn({ lines }, 'lines of the log are missing here: nobody took them in time'),
    })
    const log = createLogger(options.logLevel, output)
    const deaf = stopOnSignals(stop, log)
    const limitMs = options.drainSeconds * 1000
    try {
      const needed = options.policy === undefined || options.certificateSecret !== undefined || options.events
      const cluster = needed ? await serveCluster(options) : undefined
      const serving = await start({
        certificates: await certificateSource(options, cluster),
        ...(await policySource(options, cluster)),
        ...(options.events && { events: await eventWriter(cluster) }),
        webhook: { host, port, minVersion: `TLSv${options.tlsMinVersion}` },
        probe: { host: probeHost, port: probePort },
        log,
        droppedLogLines: () => output.dropped,
        signal: stop.signal,
        drain: { limitMs, quietMs: Math.min(DRAIN.quietMs, limitMs) },
      })
      const ready = {
        version: version(),
        webhook: `https://${hostInUrl(serving.webhook.address)}:${serving.webhook.port}`,
        probe: `http://${hostInUrl(serving.probe.address)}:${serving.probe.port}`,
      }
      if (!stop.signal.aborted) log.info(ready, 'ready')
      await serving.closed
    } finally {
      deaf()
    }
    // The log's last lines need no waiting for: until they are written the process stays.
    return EXIT.done
  },
}

/**
 * Aborts at SIGTERM and SIGINT; a second one ends the process at once. From the start on, also while something is waited for:
 * process 1 of a container ignores what it does not listen for, and the kubelet would wait out the grace period.
 * @returns what listens no more
 */
function stopOnSignals(stop: AbortController, log: ReturnType<typeof createLogger>): () => void {
  const listeners = (['SIGTERM', 'SIGINT'] as const).map((signal) => {
    const listener = () => {
      log.info({ signal }, 'stopping')
      stop.abort()
    }
    process.once(signal, listener)
    return () => process.off(signal, listener)
  })
  return () => {
    for (const off of listeners) off()
  }
}

function faultText(error: Error): string {
  return `tallyman: the log cannot be written: ${error.message}. Reviews are answered all
the same. The oldest ${MAX_WAITING_BYTES / 1024 ** 2} MiB of lines wait; what comes after them is dropped, and counted in
tallyman_log_lines_dropped_total.
`
}

/** A day: whoever asks for more has mistaken the unit. */
const MAX_SECONDS = 86_400

function parseSeconds(text: string): number {
  const seconds = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (seconds <= MAX_SECONDS) return seconds
  throw new InvalidArgumentError(`Seconds are a whole number from 0 to ${MAX_SECONDS}.`)
}

/** A switch that a variable of the environment sets as well, where some write false for "not this". */
function parseYes(text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  throw new InvalidArgumentError('It is true or false; without either it means true.')
}

/** Starts to answer. @throws CommandError where an address cannot be listened on */
async function start(options: ServerOptions): Promise<Serving> {
  try {
    return await startServer(options)
  } catch (error) {
    const message = listenProblem(
      error as NodeJS.ErrnoException & { address?: string; port?: number },
      options,
    )
    throw message === undefined ? error : new CommandError(message)
  }
}

function listenProblem(
  { code, address, port }: NodeJS.ErrnoException & { address?: string; port?: number },
  options: ServerOptions,
): string | undefined {
  const flag = port === options.webhook.port ? '--port' : '--probe-port'
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${address} is in use, perhaps by another tallyman; stop that, or choose another with ${flag}`
    case 'EACCES':
      return `port ${port} may not be listened on by this user; choose one above 1023 with ${flag}`
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return `${address ?? 'the address'} is no address of this machine; choose another with ${flag.replace('port', 'host')}`
    case 'ENOTFOUND':
      return `${options.webhook.host} is a name without an address; write an IP address`
    default:
      return undefined
  }
}
