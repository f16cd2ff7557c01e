import t from 'tap'
import { numberedVersionOf, releaseLineOf } from '../../src/image/release-line.ts'

const lines: [tag: string, line: string, missing: string[], variant: string][] = [
  ['1', '1', ['minor', 'patch'], ''],
  ['v1.2', 'v1.2', ['patch'], ''],
  ['V1', 'V1', ['minor', 'patch'], ''],
  ['22.04', '22.04', ['patch'], ''],
  ['1.25-alpine', '1.25', ['patch'], '-alpine'],
  ['3.12-slim-bookworm', '3.12', ['patch'], '-slim-bookworm'],
  ['15-3.3-alpine', '15', ['minor', 'patch'], '-3.3-alpine'],
  ['3.13-rc', '3.13', ['patch'], '-rc'],
  ['1.x', '1', ['minor', 'patch'], ''],
  ['v1.x.x-slim', 'v1', ['minor', 'patch'], '-slim'],
  ['1.2.X', '1.2', ['patch'], ''],
  ['1.alpine', '1', ['minor', 'patch'], '.alpine'],
  ['1.2_alpine', '1.2', ['patch'], '_alpine'],
  ['1.', '1', ['minor', 'patch'], '.'],
]
for (const [tag, line, missing, variant] of lines) {
  t.test(`${tag} begins with the line ${line}`, async (t) => {
    t.strictSame(releaseLineOf(tag), { line, missing, variant })
    t.equal(numberedVersionOf(tag), undefined)
  })
}

const numbered: [tag: string, version: string][] = [
  ['1.24-1', '1.24-1'],
  ['1.24_1-alpine', '1.24_1'],
  ['1-2-3', '1-2-3'],
  ['1_2_3-slim', '1_2_3'],
  ['1-2-3.4', '1-2'],
  ['21_35-jdk', '21_35'],
  ['1.2-rc1', '1.2-rc1'],
  ['1.2-rc.1', '1.2-rc.1'],
  ['6.0-alpha2', '6.0-alpha2'],
  ['24.0.RC1', '24.0.RC1'],
  ['28-ea-11', '28-ea-11'],
  ['28-ea-11-jdk-slim', '28-ea-11'],
  ['3.0-dev5', '3.0-dev5'],
  ['11.0-M5', '11.0-M5'],
  ['18beta1-alpine', '18beta1'],
  ['1.22rc1', '1.22rc1'],
  ['3.14a3-slim', '3.14a3'],
  ['3261.v9c670a_4748a_9', '3261.v9c670a_4748a_9'],
  ['3261.v9c670a_4748a_9-1-jdk17', '3261.v9c670a_4748a_9-1'],
  ['3261.V9C670A_4748A_9', '3261.V9C670A_4748A_9'],
  ['1.V13F2A1BC-cu121', '1.V13F2A1BC'],
]
for (const [tag, version] of numbered) {
  t.test(`${tag} is complete as ${version}`, async (t) => t.equal(numberedVersionOf(tag), version))
}

const neither = ['v1beta1', '7b-instruct', '3d', '12345', '1.2.3', '3.10a', 'alpine', 'x', '20H2', '-1']
for (const tag of neither) {
  t.test(`${tag} begins with no line`, async (t) => {
    t.equal(releaseLineOf(tag), undefined)
    t.equal(numberedVersionOf(tag), undefined)
  })
}

t.test('a letter and a long number is a device, no pre-release', async (t) => {
  t.equal(numberedVersionOf('1.2-a100'), undefined)
  t.equal(numberedVersionOf('1.2-a1'), '1.2-a1')
})
