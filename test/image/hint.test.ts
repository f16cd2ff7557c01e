import t from 'tap'
import { hintOf } from '../../src/image/hint.ts'
import { parseReference } from '../../src/image/reference.ts'

const HEX = 'a1'.repeat(32)

const cases: [text: string, hint: string | undefined][] = [
  ['test.com:5000', 'test.com:5000 looks like a host: was a path forgotten?'],
  ['localhost:5000', 'localhost:5000 looks like a host: was a path forgotten?'],
  ['registry.example.com:tag', 'registry.example.com:tag looks like a host: was a path forgotten?'],
  ['Team/app:1', 'Team is read as a registry host because of its upper-case letters: was team meant?'],
  [
    `sha256:${HEX}`,
    'sha256:… is an image ID, which a node reads as a repository named sha256: was NAME@sha256:… meant?',
  ],
  ['nginx:IMAGE_TAG', 'IMAGE_TAG looks like a placeholder: was it to be filled in?'],
  ['nginx:TAG', 'TAG looks like a placeholder: was it to be filled in?'],
  ['nginx:__VERSION__', '__VERSION__ looks like a placeholder: was it to be filled in?'],
  ['nginx:YOUR_TAG_HERE', 'YOUR_TAG_HERE looks like a placeholder: was it to be filled in?'],
  ['nginx:changeme', 'changeme looks like a placeholder: was it to be filled in?'],
  ['nginx:CHANGE_ME', 'CHANGE_ME looks like a placeholder: was it to be filled in?'],
  ['your-image:1.2.3', 'your-image looks like a placeholder: was it to be filled in?'],
  ['team/changeme', 'changeme looks like a placeholder: was it to be filled in?'],
  ['REGISTRY/app:1', 'REGISTRY looks like a placeholder: was it to be filled in?'],
  ['my-image:1.2.3', undefined],
  ['image:1', undefined],
  ['your-team/app:1', undefined],
  ['alpine/git', undefined],
  ['version:1', undefined],
  ['nginx', undefined],
  ['nginx:1.2.3', undefined],
  ['nginx:BLUE', undefined],
  ['nginx:IMAGE', undefined],
  ['nginx:new-release', undefined],
  ['nginx:commit-blue', undefined],
  ['nginx:V1', undefined],
  ['test.com/app:5000', undefined],
  ['test.com', undefined],
  [`test.com:5000@sha256:${HEX}`, undefined],
  [`nginx:TAG@sha256:${HEX}`, undefined],
  ['sha256:latest', undefined],
  ['Registry.example.com/app:1', undefined],
  ['docker.io/library/nginx:1', undefined],
]
for (const [text, hint] of cases) {
  t.test(`${text}: ${hint ?? 'no hint'}`, async (t) => {
    const reference = parseReference(text)
    if (!reference.valid) return t.fail(`${text} ought to parse`)
    t.equal(hintOf(reference), hint)
  })
}
