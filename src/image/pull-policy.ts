import { cutReference, isLegal, MAX_REFERENCE_LENGTH } from './grammar.ts'

export type PullPolicy = 'Always' | 'IfNotPresent' | 'Never'

/**
 * The pull policy that Kubernetes fills in where none is written: Always for the tag `latest` or no tag
 * (also beside a digest), else IfNotPresent; for a text it cannot parse, IfNotPresent.
 * It compares the tag with `latest` to the letter and knows nothing of tag kinds.
 * Source: k8s.io/kubernetes pkg/apis/core/v1/defaults.go, SetDefaults_Container; pkg/util/parsers, ParseImageName.
 */
export function defaultPullPolicy(image: string): PullPolicy {
  if (image.length > MAX_REFERENCE_LENGTH) return 'IfNotPresent'
  const parts = cutReference(image)
  if (!isLegal(image, parts)) return 'IfNotPresent'
  const tag = parts.tag ?? (parts.digest === undefined ? 'latest' : undefined)
  return tag === 'latest' ? 'Always' : 'IfNotPresent'
}

/** Whether a text is one of the pull policies that Kubernetes knows. */
export function isPullPolicy(text: unknown): text is PullPolicy {
  return text === 'Always' || text === 'IfNotPresent' || text === 'Never'
}
