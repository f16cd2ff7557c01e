import t from 'tap'
import { unreadTexts } from '../../src/cli/unread-text.ts'

const forbidden = (resource: string) => ({
  resource,
  reason: `${resource} is forbidden: User "dev" cannot list resource`,
  forbidden: true as const,
})

t.test('nothing', async (t) => t.strictSame(unreadTexts([]), []))

t.test('a right that is missing, and what gives it', async (t) => {
  const [what, grant, ...rest] = unreadTexts([
    forbidden('pods'),
    forbidden('jobs.batch'),
    forbidden('pods'),
    { resource: 'rayjobs.ray.io', reason: 'etcd is slow' },
  ])
  t.equal(what, 'could not read pods and jobs.batch: pods is forbidden: User "dev" cannot list resource')
  t.match(grant, 'kubectl create rolebinding NAME --clusterrole=view')
  t.strictSame(rest, ['could not read rayjobs.ray.io: etcd is slow'])
})

t.test('another cause takes no right', async (t) => {
  t.strictSame(unreadTexts([{ resource: 'pods', reason: 'x\u001b' }]), ['could not read pods: x\\u{1b}'])
})
