import type { TagKindName } from '../image/tag-kind.ts'
import type { Policy } from '../policy/policy.ts'
import { RULES } from '../rules/index.ts'
import type { Paint } from './terminal.ts'

/** Each kind by what a person should know of it, with references to try. */
const KINDS: readonly [kind: TagKindName, meaning: string, examples: string][] = [
  ['latest', 'moves: whatever was pushed last', 'nginx, team/app:latest, cuda-latest'],
  ['partial', 'moves: the newest release of a line', 'nginx:1, nginx:1.25-alpine'],
  ['floating', 'moves: a branch, a channel or a base', 'app:main, node:lts, redis:alpine'],
  ['version', 'fixed: pushed once, by convention', 'nginx:1.25.3, app:run-42, app:20261123'],
  ['digest', 'fixed: names the content itself', 'nginx@sha256:<digest>'],
  ['invalid', 'no legal reference: no node can pull it', 'Nginx:1, nginx:, https://host/app:1'],
]

/** All kinds and rules in brief, for somebody who does not know yet what to ask. */
export function overviewLines(policy: Policy, paint: Paint): string[] {
  const width = Math.max(...RULES.map(({ id }) => id.length))
  return [
    paint('bold', 'Kinds of image references'),
    ...KINDS.map(([kind, meaning, examples]) => `  ${kind.padEnd(9)} ${meaning.padEnd(39)} ${examples}`),
    '',
    paint('bold', `Rules and their modes (TagPolicy ${policy.name})`),
    ...RULES.map(({ id }) => `  ${id.padEnd(width)}  ${policy.rules[id].padEnd(8)}  ${BRIEF[id]}`),
    '',
    'tallyman explain REFERENCE says what a reference is and what to write instead,',
    'tallyman explain RULE what a rule asks and how to satisfy it.',
  ]
}

/** A rule in so few words that a table of them has a line for each. */
const BRIEF: Readonly<Record<(typeof RULES)[number]['id'], string>> = {
  invalidReference: 'an image that is no legal reference',
  latestTag: 'the tag latest, or no tag',
  partialTag: 'a release line such as 1.25, not a release',
  floatingTag: 'a branch, a channel or a base as the tag',
  stalePull: 'a moving tag that nodes do not pull again',
  needlessPull: 'a fixed version that nodes pull at each start',
  expiringImage: 'an image that its registry deletes too early',
  digestMissing: 'an image without a digest',
}
