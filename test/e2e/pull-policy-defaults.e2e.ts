import t from 'tap'
import { defaultPullPolicy } from '../../src/image/pull-policy.ts'
import { TAG_KIND_CASES } from '../fixtures/tag-kinds.ts'
import { boot } from './boot.ts'

/** Beside the references of the fixtures: what is written so that a parser may stumble over it. */
const ODD: readonly string[] = [
  'nginx:latest',
  'nginx:Latest',
  'nginx:latest@sha256:3f2a1bc9d0e8f7a6b5c4d3e2f1a0b9c8d7e6f5a43f2a1bc9d0e8f7a6b5c4d3e2',
  'nginx:1.2@sha256:3f2a1bc9d0e8f7a6b5c4d3e2f1a0b9c8d7e6f5a43f2a1bc9d0e8f7a6b5c4d3e2',
  'localhost:5000/foo',
  'localhost:5000/foo:latest',
  'localhost/foo',
  'localhost:latest',
  'foo:5000/bar',
  'a:b/c',
  '[2001:db8::1]:5000/foo',
  '[2001:db8::1]/foo:latest',
  'Nginx:latest',
  'Host/nginx:latest',
  'host.example.com/Nginx:latest',
  'UPPER.example.com/nginx',
  'nginx:latest ',
  'nginx: latest',
  'nginx:latest:latest',
  'nginx:latest@',
  'nginx@latest',
  'nginx@md5:3f2a1bc9d0e8f7a6b5c4d3e2f1a0b9c8',
  'nginx@sha512:3f2a1bc9d0e8f7a6b5c4d3e2f1a0b9c8d7e6f5a43f2a1bc9d0e8f7a6b5c4d3e2',
  'nginx@custom:3f2a1bc9d0e8f7a6b5c4d3e2f1a0b9c8d7e6f5a43f2a1bc9d0e8f7a6b5c4d3e2',
  'sha256:3f2a1bc9d0e8f7a6b5c4d3e2f1a0b9c8d7e6f5a43f2a1bc9d0e8f7a6b5c4d3e2',
  'library/3f2a1bc9d0e8f7a6b5c4d3e2f1a0b9c8d7e6f5a43f2a1bc9d0e8f7a6b5c4d3e2',
  'docker.io/nginx',
  'index.docker.io/nginx:latest',
  'docker.io/library',
  'docker.io',
  'a//b',
  '/a',
  'a/',
  'a..b:latest',
  'a.b.c',
  'a__b:latest',
  'a___b:latest',
  'a---b:latest',
  'a_-b:latest',
  '-a:latest',
  'a-:latest',
  'a.example.com:/b',
  'a.example.com:port/b',
  'a.example.com:99999/b',
  'nginx:{{ tag }}',
  '{{ .Values.image }}',
  '$(IMAGE)',
  'nginx:latest\u00a0',
  'nginx:läst',
  `${'a'.repeat(255)}:latest`,
  `${'a'.repeat(256)}:latest`,
  `${'a/'.repeat(127)}a`,
  `${'a/'.repeat(128)}a`,
  `nginx:${'a'.repeat(127)}`,
  `nginx:${'a'.repeat(129)}`,
  `host.example.com/${'a'.repeat(250)}`,
]

/** So many images an object: an object may have 1.5 MiB. */
const BATCH = 200

/** What the API server fills in for images that say nothing of a pull policy, in the order of the images. */
type Defaults = (images: readonly string[]) => Promise<(string | undefined)[]>

t.test('where no pull policy is written, the API server fills in what we assume', async (t) => {
  const { admin } = await boot(t)
  const stored = async (spec: object) => {
    const path = '/api/v1/namespaces/team-a/podtemplates?dryRun=All'
    const object = { apiVersion: 'v1', kind: 'PodTemplate', metadata: { name: 'a' }, template: { spec } }
    const { status, body } = await admin.create(path, object)
    t.equal(status, 201, JSON.stringify(body).slice(0, 500))
    return (body as { template: { spec: Stored } }).template.spec
  }
  const main = { name: 'main', image: 'nginx:1.25.3' }
  const places: Record<string, Defaults> = {
    containers: async (images) => {
      const containers = images.map((image, index) => ({ name: `c${index}`, image }))
      return (await stored({ containers })).containers.map(({ imagePullPolicy }) => imagePullPolicy)
    },
    'init containers': async (images) => {
      const initContainers = images.map((image, index) => ({ name: `c${index}`, image }))
      const spec = await stored({ containers: [main], initContainers })
      return (spec.initContainers ?? []).map(({ imagePullPolicy }) => imagePullPolicy)
    },
    'image volumes': async (images) => {
      const volumes = images.map((reference, index) => ({ name: `v${index}`, image: { reference } }))
      const spec = await stored({ containers: [main], volumes })
      return (spec.volumes ?? []).map(({ image }) => image?.pullPolicy)
    },
  }
  const images = [...new Set([...TAG_KIND_CASES.map(([reference]) => reference), ...ODD])]
  for (const [place, defaults] of Object.entries(places)) {
    t.test(`${place}: ${images.length} images`, async (t) => {
      for (let from = 0; from < images.length; from += BATCH) {
        const batch = images.slice(from, from + BATCH)
        const policies = await defaults(batch)
        t.equal(policies.length, batch.length)
        for (const [index, image] of batch.entries())
          t.equal(policies[index], defaultPullPolicy(image), JSON.stringify(image))
      }
    })
  }
})

interface Stored {
  readonly containers: readonly { readonly imagePullPolicy?: string }[]
  readonly initContainers?: readonly { readonly imagePullPolicy?: string }[]
  readonly volumes?: readonly { readonly image?: { readonly pullPolicy?: string } }[]
}
