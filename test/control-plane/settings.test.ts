import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import t from 'tap'
import { DEFAULT_MINOR } from './releases.ts'
import { type Settings, settings } from './settings.ts'

const ours = join('tallyman', 'control-plane')
const none: Settings = { minor: DEFAULT_MINOR, assets: undefined, cache: join(homedir(), '.cache', ours) }

const cases: [environment: Record<string, string>, expected: Partial<Settings>, why: string][] = [
  [{}, {}, 'nothing is set'],
  [{ KUBERNETES: '', KUBEBUILDER_ASSETS: ' ', XDG_CACHE_HOME: '' }, {}, 'empty is unset'],
  [{ KUBERNETES: '1.35' }, { minor: '1.35' }, 'another minor version'],
  [{ KUBERNETES: 'v1.35' }, { minor: '1.35' }, 'as its tag has it'],
  [{ KUBEBUILDER_ASSETS: '/opt/envtest' }, { assets: '/opt/envtest' }, 'binaries that are there already'],
  [{ KUBEBUILDER_ASSETS: 'bin/envtest' }, { assets: resolve('bin/envtest') }, 'binaries in this folder'],
  [{ XDG_CACHE_HOME: '/var/cache/me' }, { cache: join('/var/cache/me', ours) }, 'another cache'],
  [{ XDG_CACHE_HOME: 'here' }, {}, 'a relative cache is ignored, as XDG says'],
]
for (const [environment, expected, why] of cases) {
  t.test(why, async (t) => t.same(settings(environment), { ...none, ...expected }))
}
