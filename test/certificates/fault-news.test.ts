import t from 'tap'
import { FaultNews } from '../../src/certificates/fault-news.ts'

t.test('each fault is told of once, and its end', async (t) => {
  const told: string[] = []
  const listener = {
    faulty: ({ name, message }: Error) => void told.push(`${name}: ${message}`),
    mended: () => void told.push('mended'),
  }
  const news = new FaultNews()
  for (const fault of [undefined, 'a', 'a', 'b', undefined, undefined, 'b']) news.tell(fault, listener)
  t.strictSame(told, ['CertificateError: a', 'CertificateError: b', 'mended', 'CertificateError: b'])
})
