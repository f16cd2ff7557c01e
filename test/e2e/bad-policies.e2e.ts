/** What the API server refuses of a TagPolicy by itself, and what it leaves to tallyman. */
import t from 'tap'
import { PolicyError } from '../../src/policy/problem.ts'
import { readTagPolicyObject } from '../../src/policy/tag-policy-object.ts'
import { BAD_POLICIES } from '../policy/bad-policies.ts'
import { expectDone } from './kubectl.ts'
import { TAG_POLICIES } from './tag-policy.ts'
import { tagPolicy, withTagPolicies } from './tag-policy-definition.ts'

const { admin, asAdmin } = await withTagPolicies(t)

const exemption = (name: string, more: object = {}) => ({ name, images: ['a'], reason: 'r', ...more })
const workload = {
  group: 'example.com',
  kind: 'Engine',
  resource: 'engines',
  images: [{ image: 'spec.image' }],
}

/** Mistakes that the API server finds by itself, and the field that it names. */
const REFUSED: [what: string, name: string, spec: unknown, field: RegExp][] = [
  ['no spec', 'default', undefined, /spec: Required value/],
  [
    'a mode that is none',
    'default',
    { mode: 'strict' },
    /spec\.mode: Unsupported value: "strict": supported values: "disabled", "audit", "warn", "enforce"/,
  ],
  [
    'a truth value',
    'default',
    { mode: false },
    /spec\.mode(: Invalid value: "boolean"| in body must be of type string|: expected string)/,
  ],
  [
    'a rule in a mode that is none',
    'default',
    { rules: { latestTag: 'deny' } },
    /spec\.rules\.latestTag: Unsupported value/,
  ],
  ['no day', 'default', { mode: 'enforce', enforceFrom: '2026-02-30' }, /spec\.enforceFrom/],
  [
    'facts about the cluster where they do not belong',
    'team',
    { cluster: {} },
    /spec\.cluster: Forbidden: belongs in the TagPolicy "default"/,
  ],
  [
    'a list of namespaces in the default',
    'default',
    { namespaces: ['a'] },
    /spec\.namespaces: Forbidden: has no meaning/,
  ],
  [
    'an exemption without a reason',
    'default',
    { exemptions: [{ name: 'a', images: ['a'] }] },
    /spec\.exemptions\[0\]\.reason: Required value/,
  ],
  [
    'two exemptions of a name',
    'default',
    { exemptions: [exemption('a'), exemption('a')] },
    /spec\.exemptions(\[1\]: Duplicate value|: duplicate entries)/,
  ],
  [
    'two registries of a host',
    'default',
    { cluster: { registries: [{ host: 'a.b' }, { host: 'a.b' }] } },
    /spec\.cluster\.registries(\[1\]: Duplicate value|: duplicate entries)/,
  ],
  [
    'a kind twice',
    'default',
    { cluster: { workloads: [workload, workload] } },
    /spec\.cluster\.workloads(\[1\]: Duplicate value|: duplicate entries)/,
  ],
  [
    'an exemption of nothing',
    'default',
    { exemptions: [exemption('a', { images: [] })] },
    /spec\.exemptions\[0\]\.images.* at least 1 item/,
  ],
  [
    'a bound of suffixes that do not count',
    'default',
    { cluster: { registries: [{ host: 'a.b', retention: { default: '1d', maximum: { days: 3 } } }] } },
    /spec\.cluster\.registries\[0\]\.retention\.maximum: Forbidden: bounds suffixes/,
  ],
  [
    'a kind without images',
    'default',
    { cluster: { workloads: [{ ...workload, images: undefined }] } },
    /spec\.cluster\.workloads\[0\]: Required value: says not where its images are/,
  ],
  [
    'a name that is too long for a label',
    'a'.repeat(64),
    {},
    /metadata\.name: Too long: may not be more than 63 bytes/,
  ],
]

/**
 * Mistakes that only tallyman finds: the entry policies.tallyman.dev denies them, and what gets past it is not taken up. So
 * are durations, paths, URLs, hosts, groups, kinds and users that are none: the last test goes through all of them.
 */
const LEFT_TO_US: [what: string, spec: unknown, field: string][] = [
  ['a field that is unknown', { moed: 'enforce' }, 'spec.moed'],
  ['a rule that is unknown', { rules: { latestTags: 'enforce' } }, 'spec.rules.latestTags'],
  [
    'an unknown field in a list',
    { exemptions: [exemption('a', { image: 'b' })] },
    'spec.exemptions[0].image',
  ],
  [
    'a glob that is none',
    { exemptions: [exemption('a', { images: ['a[b'] })] },
    'spec.exemptions[0].images[0]',
  ],
]

const WAYS = [
  ['apply', '--validate=ignore'],
  ['apply', '--server-side', '--validate=ignore'],
]

for (const how of WAYS) {
  t.test(`kubectl ${how.join(' ')}`, async (t) => {
    for (const [what, name, spec, message] of REFUSED) {
      const { code, stderr } = await asAdmin([...how, '-f', '-'], tagPolicy(name, spec))
      t.equal(code, 1, what)
      t.match(stderr, message, what)
    }
    for (const [what, spec, field] of LEFT_TO_US) {
      expectDone(await asAdmin([...how, '-f', '-'], tagPolicy('default', spec)))
      const { body } = await admin.get(`${TAG_POLICIES}/default`)
      t.ok(refusedFields(body).includes(field), what)
      t.same((body as { spec: unknown }).spec, spec, `${what}: kept as it was written`)
      expectDone(await asAdmin(['delete', 'tagpol', '--all']))
    }
  })
}

/** Mistakes of a text that kubectl reads as something else, which is none. */
const READ_OTHERWISE =
  /is given twice|merge keys|unknown field: known here are apiVersion|must be true or false: write true|spec\.mode: is empty/

for (const how of WAYS) {
  t.test(`no bad policy gets past both: kubectl ${how.join(' ')}`, async (t) => {
    const found = { byTheApiServer: 0, byTallyman: 0 }
    for (const [text, ...lines] of BAD_POLICIES) {
      const mistakes = lines.join('\n')
      const { code, stdout, stderr } = await asAdmin(
        [...how, '--dry-run=server', '-o', 'json', '-f', '-'],
        text,
      )
      if (code !== 0) {
        if (!/^The TagPolicy .* is invalid: |typed patch/i.test(stderr)) continue // kubectl took it for none
        found.byTheApiServer += 1
        const field = fieldsOf(lines).find((field) => namesField(stderr, field))
        t.ok(field, `the field is named: ${mistakes}`, { stderr })
        continue
      }
      const objects = itemsOf(JSON.parse(stdout))
      const fields = objects.flatMap(refusedFields)
      if (fields.length > 0) {
        found.byTallyman += 1
        t.same(fields.sort(), fieldsOf(lines).sort(), mistakes)
      } else t.match(mistakes, objects.length > 1 ? 'holds 2 documents' : READ_OTHERWISE)
    }
    t.ok(found.byTheApiServer > 30 && found.byTallyman > 30, 'each has its share', { found })
  })
}

/** The fields that lines such as `policy.yaml:5: spec.mode: …` name. */
function fieldsOf(lines: readonly string[]): string[] {
  return lines.map((line) => line.split(': ')[1] ?? '')
}

/** Whether a message names a field, or what it is in. Entries it names by index or by key: `exemptions[name="a"]`. */
function namesField(message: string, field: string): boolean {
  const [words, path] = [message, field].map((text) => text.replace(/\[[^\]]*\]/g, '')) as [string, string]
  return words.includes(`${path}:`) || words.includes(`${path.replace(/\.[^.]+$/, '')}:`)
}

function itemsOf(object: { items?: object[] }): object[] {
  return object.items ?? [object]
}

/** The fields that tallyman refuses in what the API server let in. */
function refusedFields(object: unknown): string[] {
  try {
    readTagPolicyObject(object)
    return []
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    return error.problems.map(({ field }) => field)
  }
}
