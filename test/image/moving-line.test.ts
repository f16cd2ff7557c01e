import t from 'tap'
import { movingLineOf, numberedBuildOf } from '../../src/image/moving-line.ts'
import { partsOf } from '../../src/image/tag-parts.ts'

const cases: [tag: string, word: string | undefined, why?: string][] = [
  ['stable', 'stable', 'moves along the release line stable'],
  ['stable-alpine3.24-perl', 'stable', 'moves along the release line stable'],
  ['LTS-jdk21', 'LTS', 'moves along the release line LTS'],
  ['foo-current-bar', 'current', 'moves along the release line current'],
  ['bookworm', 'bookworm', 'moves to the newest version on bookworm'],
  ['alpine3.19', 'alpine3.19', 'moves to the newest version on alpine3.19'],
  ['alpine3.19.1', 'alpine3.19.1', 'moves to the newest version on alpine3.19.1'],
  ['foo-alpine', 'alpine', 'moves to the newest version on alpine'],
  ['foo-ubuntu-22.04', 'ubuntu', 'moves to the newest version on ubuntu'],
  ['ltsc2022', 'ltsc2022', 'moves to the newest version on ltsc2022'],
  ['dev', 'dev', 'moves with each push for dev'],
  ['api-staging', 'staging', 'moves with each push for staging'],
  ['rc-slim', 'rc', 'moves to each new rc'],
  ['release-1.30', 'release', 'moves to each new release'],
  ['pg17', 'pg17', 'moves to the newest version for pg17'],
  ['php8.3-apache', 'php8.3', 'moves to the newest version for php8.3-apache'],
  ['python-3.10', 'python', 'moves to the newest version for python-3.10'],
  ['cli-2.9-php8.1', 'cli', 'moves to the newest version for cli-2.9-php8.1'],
  ['linux-arm64v8', 'linux', 'moves to the newest version for linux-arm64v8'],
  ['my-dev-app', undefined],
  ['rc1', undefined],
  ['resnet50', undefined],
  ['python-resnet', undefined],
  ['ltsc', undefined],
  ['blue', undefined],
  ['experiment-7', undefined],
  ['__proto__', undefined],
]
for (const [tag, word, why] of cases) {
  t.test(`${tag} ${why ?? 'follows no line'}`, async (t) =>
    t.strictSame(movingLineOf(partsOf(tag)), word === undefined ? undefined : { word, why }),
  )
}

const builds: [tag: string, build: string | undefined][] = [
  ['ubi8-16.4-0', '16.4-0'],
  ['ubi8-16.4-3.4-2', '3.4-2'],
  ['bookworm-1.24-1', '1.24-1'],
  ['16.4-0', undefined],
  ['ubi8-16.4', undefined],
  ['ubi8-16-0', undefined],
  ['stable-1.24-1', undefined],
  ['foo-1.24-1', undefined],
]
for (const [tag, build] of builds) {
  t.test(`${tag} ${build === undefined ? 'has no' : 'has a'} numbered build on a base`, async (t) =>
    t.equal(numberedBuildOf(partsOf(tag)), build),
  )
}
