import t from 'tap'
import { readImage } from '../../src/image/image.ts'
import { NO_FACTS } from '../../src/image/tag-kind.ts'
import { fixedTags } from '../../src/rules/fixed-tags.ts'

const read = (tag: string) => readImage(`example:${tag}`, NO_FACTS)

const cases: readonly (readonly [tag: string, first: string | undefined])[] = [
  ['1.36', '1.36.<patch>'],
  ['1.36-alpine', '1.36.<patch>-alpine'],
  ['v1.36', 'v1.36.<patch>'],
  ['16', '16.<minor>'],
  ['16-alpine', '16.<minor>-alpine'],
  ['1.2.x', '1.2.<patch>'],
  ['3.13-rc', '3.13.<patch>'],
  ['3.13-rc-slim', '3.13.<patch>-slim'],
  ['17-BETA_alpine', '17.<minor>_alpine'],
  ['1.2-alphafold', '1.2.<patch>-alphafold'],
  ['22-lts-alpine', '22.<minor>-alpine'],
  ['latest', '<version>'],
  ['cuda-latest', 'cuda-<version>'],
  ['3.5-latest', '3.5.<patch>'],
  ['1.2.3-latest', '1.2.3'],
  ['stable', '<version>'],
  ['stable-alpine3.24-perl', '<version>-alpine3.24-perl'],
  ['lts-jdk21', '<version>-jdk21'],
  ['nightly-alpine', '<version>-alpine'],
  ['1.2.3-SNAPSHOT', '1.2.3'],
  ['main', '<version>'],
  ['alpine', '<version>-alpine'],
  ['alpine3.19', '<version>-alpine3.19'],
  ['php8.3-apache', '<version>-php8.3-apache'],
  ['1.2.3', undefined],
  ['experiment-7', undefined],
]
for (const [tag, first] of cases) {
  t.test(`${tag} becomes ${first ?? 'nothing else'}`, async (t) => {
    const tags = fixedTags(read(tag).kind, tag, read)
    t.equal(tags[0], first)
    t.equal(tags.at(-1), first === undefined ? undefined : '<version>', 'at last only the version')
  })
}

t.test('lts stands beside a version outside of the official library', async (t) => {
  const other = (tag: string) => readImage(`jenkins/jenkins:${tag}`, NO_FACTS)
  t.equal(fixedTags(other('2.440-lts').kind, '2.440-lts', other)[0], '2.440.<patch>-lts')
})

t.test('a reference without a tag gets a version', async (t) => {
  t.same(fixedTags(readImage('example', NO_FACTS).kind, undefined, read), ['<version>'])
})
