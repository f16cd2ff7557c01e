import t from 'tap'
import { movingBuildOf } from '../../src/image/moving-build.ts'
import { partsOf } from '../../src/image/tag-parts.ts'

const cases: [tag: string, full: boolean, word: string | undefined, why?: string][] = [
  ['1.2.3-SNAPSHOT', true, 'SNAPSHOT', 'moves with every snapshot build'],
  ['1.2.3-SNAPSHOT-jdk17', true, 'SNAPSHOT', 'moves with every snapshot build'],
  ['1.2.3-nightly-jdk17', true, 'nightly', 'moves with every nightly build'],
  ['1.2.3-canary', true, 'canary', 'moves with every canary build'],
  ['unstable-1.2.3', true, 'unstable', 'moves with every unstable build'],
  ['v1.2-HEAD', false, 'HEAD', 'moves with every build of HEAD'],
  ['main', false, 'main', 'moves with every build of main'],
  ['main-mongod8.0', false, 'main', 'moves with every build of main'],
  ['slim-master', false, 'master', 'moves with every build of master'],
  ['edge', false, 'edge', 'moves with every edge build'],
  ['bleeding', false, 'bleeding', 'moves with every bleeding build'],
  ['1.2.3-edge', true, undefined],
  ['main-1.2.3', true, undefined],
  ['1.2.3-canary-jdk17', true, undefined],
  ['my-main-app', false, undefined],
  ['mainline', false, undefined],
]
for (const [tag, full, word, why] of cases) {
  t.test(`${tag} ${why ?? 'is no moving build'}`, async (t) =>
    t.strictSame(movingBuildOf(partsOf(tag), full), word === undefined ? undefined : { word, why }),
  )
}
