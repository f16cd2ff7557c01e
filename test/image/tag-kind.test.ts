import t from 'tap'
import { readImage } from '../../src/image/image.ts'
import {
  NO_FACTS,
  TAG_KINDS,
  type TagFacts,
  type TagKind,
  type TagKindName,
} from '../../src/image/tag-kind.ts'
import { TAG_KIND_CASES } from '../fixtures/tag-kinds.ts'

const DIGEST = `sha256:${'f'.repeat(64)}`
const VERSION = { name: 'version', moving: false } as const
const LATEST = { name: 'latest', moving: true, implied: false } as const
const BUILD = { name: 'floating', moving: true, of: 'build' } as const
const LINE = { name: 'floating', moving: true, of: 'line' } as const
const PARTIAL = { name: 'partial', moving: true, bareNumber: false, variant: '' } as const

function invalid(why: string): TagKind {
  return { name: 'invalid', moving: false, why }
}
function stamped(component: string, why: string): TagKind {
  return { ...VERSION, form: 'stamped', component, why }
}
function full(component: string, semver?: string): TagKind {
  const kind = { ...VERSION, form: 'full', component, why: `names one version: ${component}` } as const
  return semver === undefined ? kind : { ...kind, semver }
}
function numbered(component: string): TagKind {
  return { ...VERSION, form: 'numbered', component, why: `names one version: ${component}` }
}
function minorLine(line: string, more: { variant?: string } = {}): TagKind {
  return { ...PARTIAL, line, missing: ['patch'], why: `moves to each new ${line}.z`, ...more }
}
function majorLine(line: string, more: { variant?: string; bareNumber?: boolean } = {}): TagKind {
  return { ...PARTIAL, line, missing: ['minor', 'patch'], why: `moves to each new ${line}.y.z`, ...more }
}
function opaque(tag: string): TagKind {
  return {
    ...VERSION,
    form: 'opaque',
    component: tag,
    why: `is tagged ${tag}, by convention a version that is pushed once`,
  }
}

/** Each kind's examples, with the whole explanation. */
const examples: [reference: string, kind: TagKind][] = [
  ['Nginx:1', invalid('has upper-case letters in its repository')],
  ['nginx:', invalid('has a colon but no tag behind it')],
  ['http://x/y:1', invalid('begins with http://: a reference has no scheme')],
  ['nginx:1.2+3', invalid('has a + in its tag, which no tag may hold (Helm and others write _ for it)')],
  ['{{ .Values.image }}', invalid('holds {{ .Values.image }}, which nothing has filled in')],

  [`nginx@${DIGEST}`, { name: 'digest', moving: false, why: 'is pinned by its digest' }],
  [`nginx:latest@${DIGEST}`, { name: 'digest', moving: false, why: 'is pinned by its digest' }],

  ['x:nightly-20240115', stamped('20240115', 'carries the date 20240115')],
  ['x:main-3f2a1bc', stamped('3f2a1bc', 'carries the commit 3f2a1bc')],
  ['x:16-debian-12-r3', stamped('r3', 'carries the revision r3')],
  ['x:1234567', stamped('1234567', 'carries the number 1234567')],
  ['x:2017-CU5', stamped('CU5', 'carries the revision CU5')],
  ['x:main-153', stamped('153', 'carries the build number 153')],

  ['nginx', { ...LATEST, implied: true, why: 'has no tag and so means latest' }],
  ['localhost:5000/foo', { ...LATEST, implied: true, why: 'has no tag and so means latest' }],
  ['x:latest', { ...LATEST, why: 'changes with every push' }],
  ['x:LATEST', { ...LATEST, why: 'changes with every push' }],
  ['x:cuda-latest', { ...LATEST, why: 'changes with every push, as "latest" in its tag says' }],
  ['x:3.5-latest', { ...LATEST, why: 'changes with every push, as "latest" in its tag says' }],
  ['x:latest_release', { ...LATEST, why: 'changes with every push, as "latest" in its tag says' }],

  ['x:1.2.3-SNAPSHOT', { ...BUILD, word: 'SNAPSHOT', why: 'moves with every snapshot build' }],
  ['x:main', { ...BUILD, word: 'main', why: 'moves with every build of main' }],
  ['x:main-mongod8.0', { ...BUILD, word: 'main', why: 'moves with every build of main' }],

  ['x:1.2.3', full('1.2.3', '1.2.3')],
  ['x:v1.2.3-alpine', full('v1.2.3', '1.2.3-alpine')],
  ['x:v1.2.3-rc.1_linux', full('v1.2.3', '1.2.3-rc.1')],
  ['x:2.440.3-lts', full('2.440.3', '2.440.3-lts')],
  ['x:1.2.3-dev', full('1.2.3', '1.2.3-dev')],
  ['x:load-gen.1.2.1', full('1.2.1')],
  ['x:01.2.3', full('01.2.3')],
  ['x:2.3.0-cuda12.1-runtime', full('2.3.0', '2.3.0-cuda12.1-runtime')],
  ['x:8u202', full('8u202')],

  ['x:1', majorLine('1', { bareNumber: true })],
  ['x:v1.2', minorLine('v1.2')],
  ['x:22.04', minorLine('22.04')],
  ['x:1.25-alpine', minorLine('1.25', { variant: '-alpine' })],
  ['x:3.12-slim-bookworm', minorLine('3.12', { variant: '-slim-bookworm' })],
  ['x:15-3.3-alpine', majorLine('15', { variant: '-3.3-alpine' })],
  ['x:3.13-rc', minorLine('3.13', { variant: '-rc' })],
  ['x:1.x', majorLine('1')],
  ['x:1.2.x', minorLine('1.2')],
  ['x:1.24-1', numbered('1.24-1')],
  ['x:1.2-rc1', numbered('1.2-rc1')],
  ['x:6.0-alpha2', numbered('6.0-alpha2')],
  ['x:ubi8-16.4-0', numbered('16.4-0')],
  ['x:3261.v9c670a_4748a_9-1-jdk17', numbered('3261.v9c670a_4748a_9-1')],
  ['x:24.0.RC1', numbered('24.0.RC1')],
  ['x:28-ea-11', numbered('28-ea-11')],

  ['x:stable-alpine3.24-perl', { ...LINE, word: 'stable', why: 'moves along the release line stable' }],
  ['x:lts-jdk21', { ...LINE, word: 'lts', why: 'moves along the release line lts' }],
  ['x:bookworm', { ...LINE, word: 'bookworm', why: 'moves to the newest version on bookworm' }],
  ['x:alpine3.19', { ...LINE, word: 'alpine3.19', why: 'moves to the newest version on alpine3.19' }],
  ['x:pg17', { ...LINE, word: 'pg17', why: 'moves to the newest version for pg17' }],
  ['x:php8.3-apache', { ...LINE, word: 'php8.3', why: 'moves to the newest version for php8.3-apache' }],
  ['x:python-3.10', { ...LINE, word: 'python', why: 'moves to the newest version for python-3.10' }],

  ['x:v1beta1', opaque('v1beta1')],
  ['x:resnet50', opaque('resnet50')],
  ['x:blue', opaque('blue')],
  ['x:experiment-7', opaque('experiment-7')],
]
for (const [reference, kind] of examples) {
  t.test(`${reference} ${kind.why}`, async (t) => t.strictSame(readImage(reference, NO_FACTS).kind, kind))
}

t.test('every kind has examples', async (t) => {
  t.same(new Set(examples.map(([, { name }]) => name)), new Set(TAG_KINDS))
})

t.test('references of public registries', async (t) => {
  for (const [reference, kind, note] of TAG_KIND_CASES) {
    t.equal(readImage(reference, NO_FACTS).kind.name, kind, `${reference} is ${kind}: ${note}`)
  }
})

t.test('no reference stands twice in the table', async (t) => {
  t.equal(new Set(TAG_KIND_CASES.map(([reference]) => reference)).size, TAG_KIND_CASES.length)
})

t.test('a hint travels with the kind', async (t) => {
  t.match(readImage('test.com:5000', NO_FACTS).kind, {
    name: 'partial',
    hint: 'test.com:5000 looks like a host: was a path forgotten?',
  })
})

function globFacts(kind: ReturnType<TagFacts['kindByGlob']>): TagFacts {
  return { ...NO_FACTS, kindByGlob: () => kind }
}

const byPolicy: [reference: string, glob: 'version' | 'latest' | 'partial' | 'floating', kind: TagKind][] = [
  [
    'postgres:16.1',
    'version',
    { ...VERSION, form: 'policy', component: '16.1', why: 'names one version, says the policy: 16.1' },
  ],
  ['x:blue', 'latest', { ...LATEST, why: 'changes with every push, says the policy' }],
  ['x', 'latest', { ...LATEST, implied: true, why: 'changes with every push, says the policy' }],
  [
    'x:1.2.3-r1',
    'floating',
    { ...LINE, word: '1.2.3-r1', fromPolicy: true, why: 'is a tag that moves, says the policy' },
  ],
  [
    'x:1.2-foo',
    'partial',
    {
      ...(minorLine('1.2', { variant: '-foo' }) as TagKind & { name: 'partial' }),
      fromPolicy: true,
      why: 'moves to each new 1.2.z, says the policy',
    },
  ],
  [
    'x:blue',
    'partial',
    {
      ...(minorLine('blue') as TagKind & { name: 'partial' }),
      fromPolicy: true,
      why: 'moves to each new blue.z, says the policy',
    },
  ],
]
for (const [reference, glob, kind] of byPolicy) {
  t.test(`the policy may say that ${reference} is ${glob}`, async (t) =>
    t.strictSame(readImage(reference, globFacts(glob)).kind, kind),
  )
}

t.test('a digest decides before the policy does', async (t) => {
  t.equal(readImage(`x:blue@${DIGEST}`, globFacts('latest')).kind.name, 'digest')
})

const buildNumbers: TagFacts = {
  ...NO_FACTS,
  registry: (host) => (host === 'registry.console.elementai.com' ? { host, buildNumbers: true } : undefined),
}
const numbers: [reference: string, kind: TagKindName][] = [
  ['registry.console.elementai.com/team/exp:42', 'version'],
  ['registry.console.elementai.com/team/exp:42-slim', 'partial'],
  ['registry.console.elementai.com/team/exp:4.2', 'partial'],
  ['registry.console.elementai.com/team/exp:v42', 'partial'],
  ['registry.example.com/team/exp:42', 'partial'],
]
for (const [reference, kind] of numbers) {
  t.test(`where a registry has build numbers, ${reference} is ${kind}`, async (t) =>
    t.equal(readImage(reference, buildNumbers).kind.name, kind),
  )
}
