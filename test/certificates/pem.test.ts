import t from 'tap'
import { developmentCertificates } from '../../src/certificates/development.ts'
import { certificateBlocks, readableCertificates } from '../../src/certificates/pem.ts'

const { ca, serving } = await developmentCertificates(['a.svc'])
const JUNK = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'

const cases: [what: string, text: string, blocks: number, readable: number][] = [
  ['nothing', '', 0, 0],
  ['no PEM', 'junk', 0, 0],
  ['one', ca, 1, 1],
  ['two with words between', `${ca}# the other\n${serving.certificate}`, 2, 2],
  ['one that cannot be read', JUNK + ca, 2, 1],
  ['a key beside it', serving.key + serving.certificate, 1, 1],
  ['two whose lines run into each other', ca.trim() + serving.certificate, 0, 0],
  ['one with spaces behind its end', `${ca.trim()}  \r\n`, 1, 1],
  ['one that does not end', '-----BEGIN CERTIFICATE-----\nAAAA', 0, 0],
]
for (const [what, text, blocks, readable] of cases)
  t.test(what, async (t) => {
    t.equal(certificateBlocks(text).length, blocks)
    t.equal(readableCertificates(text).length, readable)
  })
