import t from 'tap'
import { BuildProgress } from './build-progress.ts'

t.test('packages are counted, in whatever pieces they come', async (t) => {
  const progress = new BuildProgress(20)
  progress.take('go: downloading k8s.io/api v0.36.3\n')
  t.equal(progress.line, '1 modules downloaded')
  t.equal(progress.milestone, undefined)
  progress.take('k8s.io/api/core/v1\nencoding/js')
  progress.take('on\n')
  t.equal(progress.line, '2 of at most 20 packages compiled')
  t.equal(progress.milestone, '2 of at most 20 packages compiled', 'a tenth')
  t.equal(progress.milestone, undefined, 'said once')
  progress.take('a\nb\nc\nd\n')
  t.equal(progress.milestone, '6 of at most 20 packages compiled', 'two tenths at once are one line')
  t.same(progress.complaints, [])
})

t.test('what Go complains about is kept apart', async (t) => {
  const progress = new BuildProgress(20)
  progress.take('# k8s.io/api/core/v1\ncompile: writing output: no space left on device\nerrors\ngo: exit')
  t.same(progress.complaints, [
    '# k8s.io/api/core/v1',
    'compile: writing output: no space left on device',
    'go: exit',
  ])
  t.equal(progress.line, '1 of at most 20 packages compiled')
})
