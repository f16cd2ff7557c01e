/**
 * Policies that are refused, and what a person then reads. One row, one mistake, except where several belong together.
 */
const HEAD = 'apiVersion: tallyman.dev/v1alpha1\nkind: TagPolicy\nmetadata: {name: default}\n'
const TEAM = HEAD.replace('default', 'team-a')

/** A policy with these lines in its spec; the first is line 5. */
function spec(...lines: string[]): string {
  return `${HEAD}spec:\n${lines.map((line) => `  ${line}\n`).join('')}`
}

/** A policy with these lines in spec.cluster; the first is line 6. */
function cluster(...lines: string[]): string {
  return spec('cluster:', ...lines.map((line) => `  ${line}`))
}

/** A policy with one exemption, in JSON on line 5. */
function exemption(fields: object): string {
  return spec(`exemptions: [${JSON.stringify({ name: 'a', images: ['a'], reason: 'r', ...fields })}]`)
}

export const BAD_POLICIES: [text: string, ...lines: string[]][] = [
  ['', 'policy.yaml:1: is empty: a TagPolicy was expected'],
  ['# later\n', 'policy.yaml:1: is empty: a TagPolicy was expected'],
  ['---\n', 'policy.yaml:1: is empty: a TagPolicy was expected'],
  ['- a\n', 'policy.yaml:1: must hold fields, not a list'],
  ['hello\n', 'policy.yaml:1: must hold fields, not "hello"'],
  [
    'apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: []}\n',
    'policy.yaml:1: apiVersion: must be tallyman.dev/v1alpha1, not "v1"',
    'policy.yaml:2: kind: must be TagPolicy, not "Pod"',
  ],
  [
    `${HEAD.replace('v1alpha1', 'v1')}spec: {}\n`,
    'policy.yaml:1: apiVersion: must be tallyman.dev/v1alpha1, not "tallyman.dev/v1"',
  ],
  [
    `${HEAD.replace('TagPolicy', 'tagpolicy')}spec: {}\n`,
    'policy.yaml:2: kind: there is no "tagpolicy": did you mean TagPolicy?',
  ],
  ['spec: {}\n', 'policy.yaml:1: apiVersion: is missing', 'policy.yaml:1: kind: is missing'],
  [HEAD, 'policy.yaml:1: spec: is missing'],
  [`${HEAD}spec:\n`, 'policy.yaml:4: spec: is empty: give it a value, or remove it'],
  [
    'apiVersion: tallyman.dev/v1alpha1\nkind: TagPolicy\nmetadata: {}\nspec: {}\n',
    'policy.yaml:3: metadata.name: is missing',
  ],
  [
    `${HEAD.replace('default', 'Team_A')}spec: {}\n`,
    'policy.yaml:3: metadata.name: must be lower-case letters, digits, "-" and "." (neither at an end), not "Team_A"',
  ],
  [
    `${HEAD.replace('default', '42')}spec: {}\n`,
    'policy.yaml:3: metadata.name: must be text: quote it, "42"',
  ],
  [
    `${HEAD.replace('default', 'a'.repeat(64))}spec: {}\n`,
    'policy.yaml:3: metadata.name: has 64 characters; 63 is the most',
  ],
  [
    `${HEAD}spec: {}\n---\n${HEAD}spec: {}\n`,
    'policy.yaml:6: holds 2 documents: write each TagPolicy to a file of its own',
  ],
  [spec('mode: "warn'), 'policy.yaml:6: is not YAML: missing closing "quote'],
  [spec('rules:', '\tlatestTag: warn'), 'policy.yaml:6: is not YAML: tabs are not allowed as indentation'],
  [
    spec('namespaceModes: [', 'mode: warn'),
    'policy.yaml:6: is not YAML: flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  [
    spec('mode: {{ .Values.mode }}'),
    'policy.yaml:5: spec.mode: must be one of disabled, audit, warn, enforce, not fields',
  ],
  [spec('mode: *switch'), 'policy.yaml:5: is not YAML: no anchor &switch stands before the alias *switch'],
  [spec('<<: {mode: warn}'), 'policy.yaml:5: spec."<<": merge keys are not read: write the fields out'],
  [spec('moed: warn'), 'policy.yaml:5: spec.moed: unknown field: did you mean mode?'],
  [
    spec('enforce_from: 2026-12-07'),
    'policy.yaml:5: spec.enforce_from: unknown field: did you mean enforceFrom?',
  ],
  [
    spec('verbosity: 3'),
    'policy.yaml:5: spec.verbosity: unknown field: known here are mode, enforceFrom, namespaceModes, namespaces, rules, ephemeralContainers, ownedObjects, helpURL, exemptions, cluster',
  ],
  [spec('registries: []'), 'policy.yaml:5: spec.registries: unknown field: it belongs in spec.cluster'],
  [
    `${HEAD}spec: {}\ndata: {}\n`,
    'policy.yaml:5: data: unknown field: known here are apiVersion, kind, metadata, spec, status',
  ],
  [
    spec('"a\\u001b[31m": 1'),
    'policy.yaml:5: spec."a\\u{1b}[31m": unknown field: known here are mode, enforceFrom, namespaceModes, namespaces, rules, ephemeralContainers, ownedObjects, helpURL, exemptions, cluster',
  ],
  [
    spec('mode: warn', 'ownedObjects: warn', 'mode: audit'),
    'policy.yaml:7: spec.mode: is given twice, first on line 5',
  ],
  [spec('mode: off'), 'policy.yaml:5: spec.mode: kubectl reads off as false; the mode is called disabled'],
  [
    spec('mode: On'),
    'policy.yaml:5: spec.mode: kubectl reads On as true; write one of disabled, audit, warn, enforce',
  ],
  [spec('mode: "off"'), 'policy.yaml:5: spec.mode: there is no "off": the mode is called disabled'],
  [spec('mode: false'), 'policy.yaml:5: spec.mode: there is no false: the mode is called disabled'],
  [spec('mode: enforced'), 'policy.yaml:5: spec.mode: there is no "enforced": did you mean enforce?'],
  [spec('mode: deny'), 'policy.yaml:5: spec.mode: must be one of disabled, audit, warn, enforce, not "deny"'],
  [spec('mode: Enforce'), 'policy.yaml:5: spec.mode: there is no "Enforce": did you mean enforce?'],
  [
    spec('mode: [warn]'),
    'policy.yaml:5: spec.mode: must be one of disabled, audit, warn, enforce, not a list',
  ],
  [spec('mode:'), 'policy.yaml:5: spec.mode: is empty: give it a value, or remove it'],
  [
    spec('rules: {imageTag: warn}'),
    'policy.yaml:5: spec.rules.imageTag: unknown rule: known here are latestTag, partialTag, floatingTag, stalePull, needlessPull, expiringImage, invalidReference, digestMissing',
  ],
  [
    spec('rules: {latesttag: warn}'),
    'policy.yaml:5: spec.rules.latesttag: unknown rule: did you mean latestTag?',
  ],
  [
    spec('rules: {latestTag: no}'),
    'policy.yaml:5: spec.rules.latestTag: kubectl reads no as false; the mode is called disabled',
  ],
  [spec('rules: [latestTag]'), 'policy.yaml:5: spec.rules: must hold fields, not a list'],
  [
    spec('mode: enforce', 'enforceFrom: 2026-02-30'),
    'policy.yaml:6: spec.enforceFrom: 2026-02-30 is not a day of the calendar: February 2026 has 28 days',
  ],
  [
    spec('mode: enforce', 'enforceFrom: 2027-02-29'),
    'policy.yaml:6: spec.enforceFrom: 2027-02-29 is not a day of the calendar: February 2027 has 28 days',
  ],
  [
    spec('mode: enforce', 'enforceFrom: 2026-13-01'),
    'policy.yaml:6: spec.enforceFrom: 2026-13-01 is not a day of the calendar: there is no month 13',
  ],
  [
    spec('mode: enforce', 'enforceFrom: 7.12.2026'),
    'policy.yaml:6: spec.enforceFrom: must be a day as yyyy-mm-dd, such as 2026-12-07, not "7.12.2026"',
  ],
  [
    spec('mode: enforce', 'enforceFrom: 2026-12-07T00:00:00Z'),
    'policy.yaml:6: spec.enforceFrom: must be the day alone: 2026-12-07; it begins at 00:00 UTC',
  ],
  [
    spec('mode: enforce', 'enforceFrom: 20261207'),
    'policy.yaml:6: spec.enforceFrom: must be a day as yyyy-mm-dd, such as 2026-12-07, not "20261207"',
  ],
  [spec('namespaceModes:', '  - namespaces: [a]'), 'policy.yaml:6: spec.namespaceModes[0].mode: is missing'],
  [
    spec('namespaceModes:', '  - {namespaces: team-a, mode: warn}'),
    'policy.yaml:6: spec.namespaceModes[0].namespaces: must be a list: write ["team-a"]',
  ],
  [
    spec('namespaceModes:', '  - {namespaces: [a, no], mode: warn}'),
    'policy.yaml:6: spec.namespaceModes[0].namespaces[1]: quote it, "no": kubectl reads no as false',
  ],
  [
    spec('namespaceModes:', '  - {namespaces: ["team_*"], mode: warn}'),
    'policy.yaml:6: spec.namespaceModes[0].namespaces[0]: can match nothing: a namespace has no "_" in its name',
  ],
  [
    spec('namespaceModes:', '  - {namespaces: [], mode: warn}'),
    'policy.yaml:6: spec.namespaceModes[0].namespaces: is an empty list, which covers nothing: name something, or leave the field out',
  ],
  [
    spec('namespaces: [a]'),
    'policy.yaml:5: spec.namespaces: has no meaning in the policy "default", which holds wherever no other does',
  ],
  [
    `${TEAM}spec:\n  cluster: {}\n`,
    'policy.yaml:5: spec.cluster: belongs in the policy "default", from which all take it, not in "team-a"',
  ],
  [
    spec('helpURL: wiki/image-tags'),
    'policy.yaml:5: spec.helpURL: must be a URL such as https://wiki.example.com/image-tags, not "wiki/image-tags"',
  ],
  [
    spec('helpURL: "javascript:alert(1)"'),
    'policy.yaml:5: spec.helpURL: must be a URL such as https://wiki.example.com/image-tags, not "javascript:alert(1)"',
  ],
  [
    spec(
      'exemptions:',
      '  - {name: a, images: [x], reason: r}',
      '  - {name: b, images: [x], reason: r}',
      '  - {name: a, images: [x], reason: r}',
    ),
    'policy.yaml:8: spec.exemptions[2].name: repeats "a" of spec.exemptions[0].name',
  ],
  [exemption({ reason: undefined }), 'policy.yaml:5: spec.exemptions[0].reason: is missing'],
  [exemption({ reason: ' ' }), 'policy.yaml:5: spec.exemptions[0].reason: must say something'],
  [
    exemption({ rules: ['latesTag'] }),
    'policy.yaml:5: spec.exemptions[0].rules[0]: there is no "latesTag": did you mean latestTag?',
  ],
  [
    exemption({ rules: ['tags'] }),
    'policy.yaml:5: spec.exemptions[0].rules[0]: must be one of latestTag, partialTag, floatingTag, stalePull, needlessPull, expiringImage, invalidReference, digestMissing, not "tags"',
  ],
  [
    exemption({ expires: '2026-04-31' }),
    'policy.yaml:5: spec.exemptions[0].expires: 2026-04-31 is not a day of the calendar: April 2026 has 30 days',
  ],
  [exemption({ images: 'a:*' }), 'policy.yaml:5: spec.exemptions[0].images: must be a list: write ["a:*"]'],
  [
    spec('exemptions:', '  - {name: a, images: [1.20], reason: r}'),
    'policy.yaml:6: spec.exemptions[0].images[0]: must be text: quote it, "1.20"',
  ],
  [
    exemption({ images: ['a:[0-9'] }),
    'policy.yaml:5: spec.exemptions[0].images[0]: has a "[" without its "]"',
  ],
  [
    exemption({ images: ['a:0-9]'] }),
    'policy.yaml:5: spec.exemptions[0].images[0]: has a "]" without its "["',
  ],
  [
    exemption({ images: ['a:[\u001b]'] }),
    'policy.yaml:5: spec.exemptions[0].images[0]: has a set "[\\u{1b}]": a set holds letters, digits, "_", "." and "-" only',
  ],
  [
    exemption({ images: ['a:[^\u001b]'] }),
    'policy.yaml:5: spec.exemptions[0].images[0]: has "[^": write "[!\\u{1b}]" for every other character',
  ],
  [exemption({ images: ['a:[]'] }), 'policy.yaml:5: spec.exemptions[0].images[0]: has an empty set []'],
  [
    exemption({ images: ['a:[^0-9]'] }),
    'policy.yaml:5: spec.exemptions[0].images[0]: has "[^": write "[!0-9]" for every other character',
  ],
  [
    exemption({ images: ['a:[9-0]'] }),
    'policy.yaml:5: spec.exemptions[0].images[0]: has the range 9-0, which runs backwards',
  ],
  [
    exemption({ images: ['a[/]b'] }),
    'policy.yaml:5: spec.exemptions[0].images[0]: has a set "[/]": a set holds letters, digits, "_", "." and "-" only',
  ],
  [
    exemption({ images: ['a:{b,c}'] }),
    'policy.yaml:5: spec.exemptions[0].images[0]: has a brace, which globs here do not know: write one glob for each alternative',
  ],
  [
    exemption({ images: ['!a'] }),
    'policy.yaml:5: spec.exemptions[0].images[0]: begins with "!", but a glob cannot be negated: list what is meant',
  ],
  [
    exemption({ images: ['https://registry.example.com/a'] }),
    'policy.yaml:5: spec.exemptions[0].images[0]: holds "//": an image has no scheme and no empty part, write host/path:tag',
  ],
  [
    exemption({ images: ['a:'] }),
    'policy.yaml:5: spec.exemptions[0].images[0]: ends in ":": write the tag, * for any, or leave the colon out for any tag and digest',
  ],
  [
    exemption({ images: [':latest'] }),
    'policy.yaml:5: spec.exemptions[0].images[0]: has no name before ":": write **:latest for every image',
  ],
  [
    exemption({ images: ['a:b:c'] }),
    'policy.yaml:5: spec.exemptions[0].images[0]: has two colons in its last part: a name, a colon and a tag is all there is',
  ],
  [
    exemption({ images: ['a b'] }),
    'policy.yaml:5: spec.exemptions[0].images[0]: holds " ", which no name has',
  ],
  [
    exemption({ images: ['a'.repeat(513)] }),
    'policy.yaml:5: spec.exemptions[0].images[0]: has 513 characters; 512 is the most',
  ],
  [exemption({ images: [''] }), 'policy.yaml:5: spec.exemptions[0].images[0]: is an empty text'],
  [
    exemption({ containers: ['a/b'] }),
    'policy.yaml:5: spec.exemptions[0].containers[0]: can match nothing: a container has no "/" in its name',
  ],
  [
    cluster('registries: [{host: "https://registry.example.com/team"}]'),
    'policy.yaml:6: spec.cluster.registries[0].host: must be the host alone: "registry.example.com", without scheme and path',
  ],
  [
    cluster('registries: [{host: Registry.example.com}]'),
    'policy.yaml:6: spec.cluster.registries[0].host: must be a host in lower case, with its port where images name one: registry.example.com, not "Registry.example.com"',
  ],
  [
    cluster('registries: [{host: a.example.com}, {host: a.example.com}]'),
    'policy.yaml:6: spec.cluster.registries[1].host: repeats "a.example.com" of spec.cluster.registries[0].host',
  ],
  [
    cluster('registries: [{host: a.example.com, retention: {default: 24}}]'),
    'policy.yaml:6: spec.cluster.registries[0].retention.default: has no unit: write 24h for hours or 24d for days',
  ],
  [
    cluster('registries: [{host: a.example.com, retention: {default: "24"}}]'),
    'policy.yaml:6: spec.cluster.registries[0].retention.default: has no unit: write 24h for hours or 24d for days',
  ],
  [
    cluster('registries: [{host: a.example.com, retention: {default: 24 hours}}]'),
    'policy.yaml:6: spec.cluster.registries[0].retention.default: must be whole hours or days, such as 24h, 7d or 1d12h, not "24 hours"',
  ],
  [
    cluster('registries: [{host: a.example.com, retention: {default: 90m}}]'),
    'policy.yaml:6: spec.cluster.registries[0].retention.default: must be whole hours or days, such as 24h, 7d or 1d12h, not "90m"',
  ],
  [
    cluster('registries: [{host: a.example.com, retention: {default: 0h}}]'),
    'policy.yaml:6: spec.cluster.registries[0].retention.default: must be longer than zero',
  ],
  [
    cluster('registries: [{host: a.example.com, retention: {default: 9000d}}]'),
    'policy.yaml:6: spec.cluster.registries[0].retention.default: must be at most 87600h, ten years',
  ],
  [
    cluster('registries: [{host: a.example.com, retention: {default: 24h, suffix: yes}}]'),
    'policy.yaml:6: spec.cluster.registries[0].retention.suffix: must be true or false: write true',
  ],
  [
    cluster('registries: [{host: a.example.com, retention: {default: 24h, suffix: "true"}}]'),
    'policy.yaml:6: spec.cluster.registries[0].retention.suffix: must be true or false, not "true"',
  ],
  [
    cluster('registries: [{host: a.example.com, retention: {default: 24h, maximum: {days: 3}}}]'),
    'policy.yaml:6: spec.cluster.registries[0].retention.maximum: bounds suffixes: write suffix: true beside it, or remove it',
  ],
  [
    cluster('registries: [{host: a.example.com, retention: {default: 24h, suffix: true, maximum: 90 days}}]'),
    'policy.yaml:6: spec.cluster.registries[0].retention.maximum: must hold fields, not "90 days"',
  ],
  [
    cluster(
      'registries: [{host: a.example.com, retention: {default: 24h, suffix: true, maximum: {days: 0, months: 1.5}}}]',
    ),
    'policy.yaml:6: spec.cluster.registries[0].retention.maximum.days: must be at least 1, not 0',
    'policy.yaml:6: spec.cluster.registries[0].retention.maximum.months: must be a whole number, not 1.5',
  ],
  [
    cluster('tagKinds: {version: ["a@sha256:*"]}'),
    'policy.yaml:6: spec.cluster.tagKinds.version[0]: holds "@": an image with a digest is always of the kind digest',
  ],
  [
    cluster('tagKinds: {fixed: ["*"]}'),
    'policy.yaml:6: spec.cluster.tagKinds.fixed: unknown field: known here are version, latest, partial, floating',
  ],
  [
    cluster('namespaceOverride: strict'),
    'policy.yaml:6: spec.cluster.namespaceOverride: there is no "strict": did you mean stricter?',
  ],
  [
    cluster('controllers: builtin'),
    'policy.yaml:6: spec.cluster.controllers: there is no "builtin": did you mean builtIn?',
  ],
  [
    cluster('trustedControllers: ["a b"]'),
    'policy.yaml:6: spec.cluster.trustedControllers[0]: must be a user name without spaces, not "a b"',
  ],
  [
    cluster('trustedControllers: ["system:serviceaccounts:ops"]'),
    'policy.yaml:6: spec.cluster.trustedControllers[0]: must be a user, for a service account system:serviceaccount:NAMESPACE:NAME, not "system:serviceaccounts:ops"',
  ],
  [
    cluster('trustedControllers: ["system:serviceaccount:operator"]'),
    'policy.yaml:6: spec.cluster.trustedControllers[0]: must be a user, for a service account system:serviceaccount:NAMESPACE:NAME, not "system:serviceaccount:operator"',
  ],
  [
    cluster(
      'workloads: [{group: example.com, kind: Pipeline, resource: pipelines, podSpecs: ["spec.steps[0].spec"]}]',
    ),
    'policy.yaml:6: spec.cluster.workloads[0].podSpecs[0]: the path spec.steps[0].spec has a field that reads steps[0]; write fields joined by dots, with [*] for each item of a list and {*} for each value of a map',
  ],
  [
    cluster('workloads: [{group: "", kind: Pod, resource: pods, podSpecs: [spec.other]}]'),
    "policy.yaml:6: spec.cluster.workloads[0]: is Kubernetes' own kind Pod, which is built in: remove it",
  ],
  [
    cluster('workloads: [{group: apps, kind: Deployment, resource: deployments, podSpecs: [spec.other]}]'),
    "policy.yaml:6: spec.cluster.workloads[0]: is Kubernetes' own kind Deployment, which is built in: remove it",
  ],
  [
    cluster('workloads: [{group: example.com, kind: Pipeline, resource: pipelines}]'),
    'policy.yaml:6: spec.cluster.workloads[0]: says not where its images are: give it podSpecs or images',
  ],
  [
    cluster(
      'workloads:',
      '  - {group: example.com, kind: P, resource: ps, podSpecs: [spec]}',
      '  - {group: example.com, kind: P, resource: ps, podSpecs: [spec]}',
    ),
    'policy.yaml:8: spec.cluster.workloads[1]: repeats "P.example.com" of spec.cluster.workloads[0]',
  ],
  [
    cluster(
      'workloads: [{group: example.com, kind: P, resource: ps, images: [{image: "spec.a[*].image", pullPolicy: "spec.b[*].pull"}]}]',
    ),
    'policy.yaml:6: spec.cluster.workloads[0].images[0].pullPolicy: must go through the same [*] and {*} as its image, spec.a[*].image',
  ],
  [
    cluster('workloads: [{group: example.com/v1, kind: pipeline, resource: Pipelines, podSpecs: [spec]}]'),
    'policy.yaml:6: spec.cluster.workloads[0].group: must be an API group without a version, such as example.com, not "example.com/v1"',
    'policy.yaml:6: spec.cluster.workloads[0].kind: must be the kind as in a manifest, such as Pipeline, not "pipeline"',
    'policy.yaml:6: spec.cluster.workloads[0].resource: must be the plural name in lower case, such as pipelines, not "Pipelines"',
  ],
  [
    spec(`exemptions: ${JSON.stringify(Array.from({ length: 501 }, () => ({})))}`),
    'policy.yaml:5: spec.exemptions: has 501 entries; 500 is the most',
  ],
  [
    spec(
      'moed: warn',
      'rules: {latestTag: no}',
      'exemptions:',
      '  - {name: a, images: ["a["]}',
      'helpURL: x',
    ),
    'policy.yaml:5: spec.moed: unknown field: did you mean mode?',
    'policy.yaml:6: spec.rules.latestTag: kubectl reads no as false; the mode is called disabled',
    'policy.yaml:8: spec.exemptions[0].reason: is missing',
    'policy.yaml:8: spec.exemptions[0].images[0]: has a "[" without its "]"',
    'policy.yaml:9: spec.helpURL: must be a URL such as https://wiki.example.com/image-tags, not "x"',
  ],
]
