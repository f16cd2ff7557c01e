export type PullPolicy = 'Always' | 'IfNotPresent' | 'Never'

/**
 * The pull policy that Kubernetes fills in where none is written: Always for the tag `latest` or no tag
 * (also beside a digest), else IfNotPresent; for a text it cannot parse, IfNotPresent.
 * Source: k8s.io/kubernetes pkg/apis/core/v1/defaults.go, SetDefaults_Container.
 */
export function defaultPullPolicy(image: string): PullPolicy {
  throw new Error(`not written yet: ${image}`)
}
