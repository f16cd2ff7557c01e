/**
 * What the API server writes to its audit log: one line for each write, with the webhooks' annotations and the answer's
 * status but without bodies; no line for reads, of which a controller manager makes dozens a second. Of tallyman everything,
 * so that a test sees which of its rights it uses.
 */
export const AUDIT_POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: Metadata
    users: ["system:serviceaccount:tallyman:tallyman"]
  - level: None
    verbs: [get, list, watch]
  - level: None
    resources:
      - {group: "", resources: [events]}
      - {group: events.k8s.io, resources: [events]}
      - {group: coordination.k8s.io, resources: [leases]}
      - {group: authentication.k8s.io}
      - {group: authorization.k8s.io}
  - level: Metadata
`
