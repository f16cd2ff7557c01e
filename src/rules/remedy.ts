/** What to write instead: one remedy for a container that satisfies all rules at once. */
export interface Remedy {
  /** The value for `image:`; holds at most one placeholder `<…>` group that `fill` describes; undefined: the image stays. */
  readonly image?: string
  /** Examples or a remark to print behind `image:` as a YAML comment. */
  readonly comment?: string
  /** A second way that also satisfies every rule: the same tag with `@sha256:<digest>`. */
  readonly alternative?: string
  /** The value for the pull policy field; `null`: the field is to be removed; undefined: it stays. */
  readonly pullPolicy?: 'Always' | 'IfNotPresent' | null
  /** A command to run first: `crane copy FROM TO`. */
  readonly command?: string
  /** One clause in the imperative for a one-line warning: `write redis:<version>-alpine, until then imagePullPolicy: Always`. */
  readonly sentence: string
}
