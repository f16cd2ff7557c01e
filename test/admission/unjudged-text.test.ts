import t from 'tap'
import { unjudgedText } from '../../src/admission/unjudged-text.ts'

t.test('one sentence for all who say it', async (t) =>
  t.equal(
    unjudgedText('"kube-system"'),
    'the API server does not ask tallyman about what is in "kube-system": nothing is denied there',
  ),
)
