import { type Command, Option } from 'commander'
import type { Policy } from '../policy/policy.ts'
import { quoted } from '../policy/quoted.ts'
import { RULE_IDS } from '../policy/rule-modes.ts'
import { begunBy, suggestion } from '../policy/suggestion.ts'
import { CommandError, type CommandModule, EXIT } from './command.ts'
import { overviewLines } from './explain-overview.ts'
import { explainReference, referenceLines } from './explain-reference.ts'
import { explainRule, findRule, ruleLines } from './explain-rule.ts'
import { loadPolicy, policyOption } from './policy-option.ts'
import { safeJson } from './safe-json.ts'
import { type Paint, painter } from './terminal.ts'

const FORMATS = ['text', 'json'] as const

export interface ExplainOptions {
  readonly policy?: string
  readonly output: (typeof FORMATS)[number]
}

const HELP = `
With -, references are read from standard input, one a line, each taken exactly as it stands (blanks
and empty lines too), so that the nth answer belongs to the nth line. Without arguments: all kinds
and rules in brief.

Examples:
  tallyman explain nginx:1.25-alpine myteam/exp:42
  tallyman explain partialTag
  tallyman explain - -o json < images.txt`

/** What is to be explained, as it was asked. */
type Question = { readonly reference: string } | { readonly rule: NonNullable<ReturnType<typeof findRule>> }

/** `tallyman explain`: what a reference is and why, what a rule asks. */
export const explain: CommandModule<ExplainOptions> = {
  configure(command: Command): void {
    command
      .argument('[reference|rule...]', 'image references and rule ids, or - for standard input')
      .addOption(policyOption())
      .addOption(new Option('-o, --output <format>', 'what to print').choices(FORMATS).default('text'))
      .addHelpText('after', HELP)
  },

  async run(args, { policy: file, output }, { stdin, stdout }) {
    const policy = await loadPolicy(file)
    const paint = painter(stdout)
    const questions: Question[] = []
    for (const arg of args) {
      if (arg === '-') for (const line of await linesOf(stdin)) questions.push({ reference: line })
      else questions.push(questionOf(arg))
    }
    if (output === 'json') {
      const answers =
        args.length === 0
          ? (await import('../rules/index.ts')).RULES.map((rule) => explainRule(rule, policy))
          : questions.map((asked) =>
              'rule' in asked ? explainRule(asked.rule, policy) : explainReference(asked.reference, policy),
            )
      stdout.write(`${safeJson(answers)}\n`)
      return EXIT.done
    }
    const blocks =
      args.length === 0
        ? [overviewLines(policy, paint)]
        : questions.map((asked) => textOf(asked, policy, new Date(), paint))
    stdout.write(blocks.map((lines) => `${lines.join('\n')}\n`).join('\n'))
    return EXIT.done
  },
}

/** A word alone may be an image, but hardly one that is called nearly like a rule. */
function questionOf(arg: string): Question {
  const rule = findRule(arg)
  if (rule !== undefined) return { rule }
  const meant = /[/:@]/.test(arg) ? undefined : (suggestion(arg, RULE_IDS) ?? begunBy(arg, RULE_IDS))
  if (meant === undefined) return { reference: arg }
  throw new CommandError(
    `there is no rule ${quoted(arg)}: did you mean ${meant}? An image of that name is asked for as NAME:TAG`,
  )
}

function textOf(asked: Question, policy: Policy, now: Date, paint: Paint): string[] {
  return 'rule' in asked
    ? ruleLines(asked.rule, policy, paint)
    : referenceLines(asked.reference, policy, now, paint)
}

/** The lines of a stream, each exactly as it stands; the last one may do without its newline. */
async function linesOf(stream: NodeJS.ReadableStream): Promise<string[]> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
  const lines = Buffer.concat(chunks).toString('utf8').split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}
