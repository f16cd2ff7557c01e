/** What template languages leave behind: Helm and Go, shell, Kubernetes and Tekton, Windows, ERB. */
const TEMPLATES = [
  /\{\{.{0,200}/s,
  /\$\{.{0,200}/s,
  /\$\(.{0,200}/s,
  /\$[A-Za-z_][A-Za-z0-9_]{0,99}/,
  /<%.{0,200}/s,
]
const ENDS: ReadonlyMap<string, string> = new Map([
  ['{{', '}}'],
  ['${', '}'],
  ['$(', ')'],
  ['<%', '%>'],
])

/** A template expression that was left in, as far as its end. */
export function unrenderedTemplate(text: string): string | undefined {
  for (const template of TEMPLATES) {
    const found = template.exec(text)?.[0]
    if (found === undefined) continue
    const end = ENDS.get(found.slice(0, 2))
    const stop = end === undefined ? -1 : found.indexOf(end)
    return end === undefined || stop === -1 ? found : found.slice(0, stop + end.length)
  }
  return undefined
}
