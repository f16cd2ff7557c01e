import t from 'tap'
import {
  containerPhrase,
  containersPhrase,
  fieldText,
  subjectText,
} from '../../src/admission/container-phrase.ts'
import type { Container } from '../../src/workload/container.ts'
import { container } from './samples.ts'

const cases: [container: Partial<Container>, phrase: string][] = [
  [{ name: 'main' }, 'container "main"'],
  [{ list: 'initContainers', name: 'fetch' }, 'init container "fetch"'],
  [{ list: 'ephemeralContainers', name: 'debugger' }, 'ephemeral container "debugger"'],
  [{ list: 'volumes', name: 'model' }, 'image volume "model"'],
  [{ name: 'pytorch', group: 'Worker' }, 'container "pytorch" of Worker'],
  [{ name: '', group: 'train' }, 'container of train'],
  [{ list: 'image', name: '', field: 'spec.image' }, 'image at spec.image'],
  [{ name: '', field: 'spec.containers[0].image' }, 'container at spec.containers[0].image'],
  [{ name: 'a\nb' }, 'container "a\\u{a}b"'],
  [{ name: 'x'.repeat(70) }, `container "${'x'.repeat(60)}..."`],
]

for (const [change, phrase] of cases) {
  t.test(phrase, async (t) => t.equal(containerPhrase(container(change)), phrase))
}

const three = ['a', 'b', 'c'].map((name) => container({ name }))
const several: [count: number, shown: number, phrase: string][] = [
  [1, 1, 'container "a"'],
  [3, 1, 'container "a" and 2 more'],
  [2, 3, 'container "a" and container "b"'],
  [3, 3, 'container "a", container "b" and container "c"'],
  [3, 2, 'container "a", container "b" and 1 more'],
]

for (const [count, shown, phrase] of several) {
  t.test(phrase, async (t) => t.equal(containersPhrase(three.slice(0, count), shown), phrase))
}

t.test('a clause is about the image, or about the place of what is none', async (t) => {
  t.equal(subjectText({ image: 'nginx\n:1', container: container({}) }), 'nginx\\u{a}:1')
  const field = 'spec.containers[0]'
  t.equal(subjectText({ image: '', container: container({ field }) }), field)
})

t.test('a path is one line of bounded length', async (t) => {
  t.equal(fieldText('spec.map.a\nb.image'), 'spec.map.a\\u{a}b.image')
  t.equal(fieldText('x'.repeat(1000)).length, 160)
})
