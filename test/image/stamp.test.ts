import t from 'tap'
import { type Stamp, stampOf } from '../../src/image/stamp.ts'
import { partsOf } from '../../src/image/tag-parts.ts'

const HEX = '3f2a1bc9d0e8f7a6b5c4d3e2f1a0b9c83f2a1bc9d0e8f7a6b5c4d3e2f1a0b9c8'

const stamps: [tag: string, what: Stamp['what'], text: string][] = [
  ['nightly-20240115', 'the date', '20240115'],
  ['nightly20240115', 'the date', '20240115'],
  ['v20240115-abc', 'the date', '20240115'],
  ['2024-01-15', 'the date', '2024-01-15'],
  ['2024.01.15-slim', 'the date', '2024.01.15'],
  ['build_2024_01_15', 'the date', '2024_01_15'],
  ['RELEASE.2024-01-11T07-46-16Z', 'the date', '2024-01-11'],
  ['20240115T103000Z', 'the time', '20240115T103000Z'],
  ['main-20240115103000', 'the time', '20240115103000'],
  ['1234567', 'the number', '1234567'],
  ['main-12345', 'the number', '12345'],
  ['v12345', 'the number', 'v12345'],
  ['12024-01-15', 'the number', '12024'],
  ['20241315', 'the number', '20241315'],
  ['main-3f2a1bc', 'the commit', '3f2a1bc'],
  ['1.2.3-5-g3f2a1bc', 'the commit', 'g3f2a1bc'],
  ['sha-3F2A1BC', 'the commit', '3F2A1BC'],
  ['git3f2a1bc', 'the commit', 'git3f2a1bc'],
  ['commit3f2a1bc', 'the commit', 'commit3f2a1bc'],
  [HEX.slice(0, 40), 'the commit', HEX.slice(0, 40)],
  [HEX, 'the hash', HEX],
  ['16-debian-12-r3', 'the revision', 'r3'],
  ['1.0-b7', 'the revision', 'b7'],
  ['1.0-p7', 'the revision', 'p7'],
  ['rev7-slim', 'the revision', 'rev7'],
  ['build7-slim', 'the revision', 'build7'],
  ['sp2-slim', 'the revision', 'sp2'],
  ['patch2-slim', 'the revision', 'patch2'],
  ['2017-CU5', 'the revision', 'CU5'],
  ['run-42', 'the build number', '42'],
  ['main-build-12', 'the build number', '12'],
  ['x-ci.3', 'the build number', '3'],
  ['job_3', 'the build number', '3'],
  ['rev-3', 'the build number', '3'],
  ['main-153', 'the build number', '153'],
  ['nightly-7', 'the build number', '7'],
  ['staging_7', 'the build number', '7'],
  ['rc-1', 'the build number', '1'],
]
for (const [tag, what, text] of stamps) {
  t.test(`${tag} carries ${what} ${text}`, async (t) => t.strictSame(stampOf(partsOf(tag)), { text, what }))
}

const none = [
  'main',
  '1.2.3',
  '1234',
  'v1234',
  '22.04',
  'r3-slim',
  'cu121',
  'latest-cu12',
  'deadbee',
  '3f2a1b',
  HEX.slice(0, 41),
  'main-153-slim',
  'experiment-7',
  'stable-7',
  '2024-01',
  '2024-13-15',
  '2024-01.15',
]
for (const tag of none) {
  t.test(`${tag} carries no stamp`, async (t) => t.equal(stampOf(partsOf(tag)), undefined))
}
