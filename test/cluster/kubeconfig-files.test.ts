import { delimiter, join } from 'node:path'
import t from 'tap'
import { readKubeconfigs } from '../../src/cluster/kubeconfig-files.ts'

const config = (name: string, more: object = {}) =>
  JSON.stringify({
    clusters: [{ name, cluster: { server: `https://${name}:6443` } }],
    users: [{ name, user: { token: name } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
    ...more,
  })

t.test('which files are read', async (t) => {
  const place = t.testdir({
    named: config('named'),
    first: config('first'),
    second: config('second'),
    home: { '.kube': { config: config('home') } },
  })
  const at = (name: string) => join(place, name)
  const variable = ['', at('first'), at('missing'), at('second')].join(delimiter)
  const cases: [what: string, places: Parameters<typeof readKubeconfigs>[0], contexts: string[]][] = [
    ['--kubeconfig alone', { file: at('named'), variable, home: at('home') }, ['named']],
    ['else all of KUBECONFIG that are there', { variable, home: at('home') }, ['first', 'second']],
    ['else the one at home', { home: at('home') }, ['home']],
    ['also where KUBECONFIG is empty', { variable: '', home: at('home') }, ['home']],
  ]
  for (const [what, places, contexts] of cases) {
    const read = await readKubeconfigs(places)
    t.strictSame(
      read.contexts.map(({ name }) => name),
      contexts,
      what,
    )
    t.equal(read.currentContext, contexts[0], what)
  }
})

t.test('of entries of one name the first counts, and the first current-context that is set', async (t) => {
  const place = t.testdir({
    first: config('shared', { 'current-context': '' }),
    second: config('shared', {
      users: [
        { name: 'shared', user: { token: 'other' } },
        { name: 'more', user: { token: 'more' } },
      ],
    }),
  })
  const read = await readKubeconfigs({
    variable: `${join(place, 'first')}${delimiter}${join(place, 'second')}`,
  })
  t.strictSame(read.users, [
    { name: 'shared', user: { token: 'shared' } },
    { name: 'more', user: { token: 'more' } },
  ])
  t.equal(read.currentContext, 'shared')
})

t.test('paths are relative to the file that they are in', async (t) => {
  const place = t.testdir({
    config: `
clusters: [{name: a, cluster: {server: "https://a", certificate-authority: pki/ca.crt}}]
users:
- {name: a, user: {client-certificate: a.crt, client-key: ../a.key, tokenFile: /var/token, exec: {command: bin/plugin}}}
- {name: b, user: {exec: {command: plugin}}}
- {name: c}
contexts: [{name: a, context: {cluster: a, user: a}}]
`,
  })
  const read = await readKubeconfigs({ file: join(place, 'config') })
  t.match(read.clusters, [{ cluster: { 'certificate-authority': join(place, 'pki/ca.crt') } }])
  t.match(read.users, [
    {
      user: {
        'client-certificate': join(place, 'a.crt'),
        'client-key': join(place, '../a.key'),
        tokenFile: '/var/token',
        exec: { command: join(place, 'bin/plugin') },
      },
    },
    { user: { exec: { command: 'plugin' } } },
    { name: 'c' },
  ])
})

t.test('what is missing or makes no sense is said', async (t) => {
  const place = t.testdir({
    text: 'just text',
    broken: 'a: [',
    list: '[]',
    empty: '',
    odd: '{clusters: {}, users: [7]}',
  })
  const at = (name: string) => join(place, name)
  const cases: [what: string, places: Parameters<typeof readKubeconfigs>[0], message: RegExp][] = [
    ['a named one that is missing', { file: at('none') }, /none: there is no such file$/],
    ['a folder', { file: place }, /cannot be read: EISDIR/],
    [
      'no file at home',
      { home: place },
      /^There is no kubeconfig \(KUBECONFIG is not set, and there is no .*\.kube.config\); name one with --kubeconfig FILE$/,
    ],
    [
      'none of KUBECONFIG',
      { variable: at('none'), home: place },
      /^There is no kubeconfig \(KUBECONFIG names .*none\);/,
    ],
    ['text', { file: at('text') }, /text: is no kubeconfig, it holds no fields$/],
    ['a list', { file: at('list') }, /list: is no kubeconfig, it holds no fields$/],
    ['nothing', { file: at('empty') }, /empty: is no kubeconfig, it holds no fields$/],
    [
      'broken YAML',
      { variable: at('broken') },
      /broken: is no kubeconfig: Flow sequence in block collection must be/,
    ],
  ]
  for (const [what, places, message] of cases)
    await t.rejects(readKubeconfigs(places), { name: 'LoginError', message }, what)
  t.match(await readKubeconfigs({ file: at('odd') }), { clusters: [], users: [], contexts: [] })
})
