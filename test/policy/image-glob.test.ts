import t from 'tap'
import { readImage } from '../../src/image/image.ts'
import { parseReference, type Reference } from '../../src/image/reference.ts'
import { NO_FACTS } from '../../src/image/tag-kind.ts'
import {
  compileImageGlob,
  compileKindGlob,
  imageGlobProblem,
  kindGlobProblem,
} from '../../src/policy/image-glob.ts'

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`

const images: [glob: string, covers: string[], leaves: string[]][] = [
  ['auto', ['auto', 'auto:1', `auto@${DIGEST}`, `auto:1@${DIGEST}`], ['team/auto', 'autos']],
  [
    'docker.io/library/nginx',
    ['nginx', 'nginx:1.25', 'library/nginx', 'docker.io/nginx'],
    ['team/nginx', 'registry.example.com/nginx'],
  ],
  // The same image, however it is spelled.
  [
    'nginx',
    ['nginx', 'nginx:1.25', 'library/nginx', 'docker.io/library/nginx', 'index.docker.io/nginx:1'],
    ['team/nginx', 'registry.example.com/nginx', 'registry.example.com/library/nginx'],
  ],
  ['team/agent', ['team/agent', 'docker.io/team/agent:1'], ['registry.example.com/team/agent', 'agent']],
  ['agent:*', ['agent:1', 'agent', `agent@${DIGEST}`], ['agents:1']],
  ['agent:1.*', ['agent:1.2', `agent:1.2@${DIGEST}`], ['agent', 'agent:2', `agent@${DIGEST}`]],
  ['agent:latest', ['agent', 'agent:latest'], [`agent@${DIGEST}`, 'agent:1']],
  ['agent@sha256:0123*', [`agent@${DIGEST}`, `agent:1@${DIGEST}`], ['agent', 'agent:1']],
  [
    'localhost:5000/foo:*',
    ['localhost:5000/foo:1', 'localhost:5000/foo'],
    ['localhost/foo:1', 'localhost:5000/foo/bar:1'],
  ],
  ['localhost:5000/foo', ['localhost:5000/foo', 'localhost:5000/foo:1'], ['localhost:5001/foo']],
  ['localhost:*', ['localhost:5000'], ['localhost:5000/foo']],
  ['registry.example.com/**', ['registry.example.com/a/b:1'], ['registry.example.com.evil.example/a']],
  ['registry.example.com/*', ['registry.example.com/a:1'], ['registry.example.com/a/b:1']],
  // No wildcard of the name reaches into the tag, nor one of the tag into the name.
  ['**x', ['ax:1'], ['a:x', 'registry.example.com/a:1-x']],
  ['a*:1', ['ab:1'], ['a:1-1', 'a/b:1']],
  // What does not parse is covered as a whole only.
  ['**', ['Nginx:1', 'nginx:', 'nginx'], []],
  ['Nginx:*', ['Nginx:1'], ['nginx:1']],
  ['nginx', [], ['nginx:']],
]
t.test('globs of exemptions', async (t) => {
  for (const [glob, covers, leaves] of images) {
    t.equal(imageGlobProblem(glob), undefined)
    const matches = compileImageGlob(glob)
    for (const text of covers) t.ok(matches(readImage(text, NO_FACTS)), `${glob} covers ${text}`)
    for (const text of leaves) t.notOk(matches(readImage(text, NO_FACTS)), `${glob} leaves ${text}`)
  }
})

const kinds: [glob: string, takes: string[], leaves: string[]][] = [
  ['edge-*', ['nginx:edge-1', 'registry.example.com/a:edge-x'], ['edge-a:1', 'nginx']],
  ['*', ['nginx:1', 'nginx:Late'], ['nginx:latest', 'nginx:LATEST', 'nginx', `nginx@${DIGEST}`]],
  ['*latest', ['nginx:latest', 'nginx', 'nginx:cuda-latest'], ['nginx:1']],
  ['latest', ['nginx:latest', 'nginx'], ['nginx:Latest']],
  ['team/*', ['team/a:1'], ['team/a:latest', 'team/a', 'team/a/b:1']],
  ['team/a:latest', ['team/a:latest', 'team/a'], ['team/a:1', 'team/b']],
  [
    '**/postgres:1[0-9].*',
    ['postgres:16.3', 'registry.example.com/x/postgres:12.1'],
    ['postgres:9.6', 'postgres:16'],
  ],
  ['localhost:5000/foo', ['localhost:5000/foo:1'], ['foo:1']],
  ['nginx:*', ['nginx:1', 'docker.io/library/nginx:1'], ['nginx', 'team/nginx:1']],
]
t.test('globs of tagKinds', async (t) => {
  for (const [glob, takes, leaves] of kinds) {
    t.equal(kindGlobProblem(glob), undefined)
    const matches = compileKindGlob(glob)
    for (const text of takes) t.ok(matches(parseReference(text) as Reference), `${glob} takes in ${text}`)
    for (const text of leaves) t.notOk(matches(parseReference(text) as Reference), `${glob} leaves ${text}`)
  }
})

t.test('globs that make no sense', async (t) => {
  t.match(kindGlobProblem('a@sha256:*'), /always of the kind digest/)
  t.match(kindGlobProblem('nginx:'), /ends in ":"/)
  t.match(kindGlobProblem('[z-a]'), /backwards/)
  t.match(imageGlobProblem('a@'), /ends in "@"/)
  t.match(imageGlobProblem('@sha256:*'), /no name before "@"/)
  t.match(imageGlobProblem('a:b:c'), /two colons/)
  t.match(imageGlobProblem('https://registry.example.com/a'), /no scheme/)
})
