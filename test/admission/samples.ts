import { ALL_NEW, type Changes } from '../../src/admission/changes.ts'
import { type Occasion, occasionOf } from '../../src/admission/occasion.ts'
import type { AdmissionRequest } from '../../src/admission/review.ts'
import type { Finding } from '../../src/judge.ts'
import { DEFAULT_RULE_MODES } from '../../src/policy/rule-modes.ts'
import type { Container } from '../../src/workload/container.ts'

/** A container of a Job, changed as said. */
export function container(change: Partial<Container> = {}): Container {
  return {
    list: 'containers',
    name: 'trainer',
    image: 'registry.example.com/vision/resnet:latest',
    pullPolicy: 'Always',
    pullPolicyField: 'imagePullPolicy',
    field: 'spec.template.spec.containers[0].image',
    place: 'spec.template.spec containers',
    ...change,
  }
}

/** A finding of the rule latestTag that denies, changed as said. */
export function finding(change: Partial<Finding> = {}): Finding {
  return {
    rule: 'latestTag',
    mode: 'enforce',
    container: container(),
    image: 'registry.example.com/vision/resnet:latest',
    problem: 'changes with every push',
    action: 'use a tag that is pushed once',
    remedy: () => ({
      image: 'registry.example.com/vision/resnet:<version>',
      comment: '20261123, 1.4.2 or the git commit',
      pullPolicy: 'IfNotPresent',
      sentence: 'write registry.example.com/vision/resnet:<version> and imagePullPolicy: IfNotPresent',
    }),
    ...change,
  }
}

/** A second finding, of the rule partialTag, in an init container. */
export function partialFinding(change: Partial<Finding> = {}): Finding {
  return finding({
    rule: 'partialTag',
    container: container({
      list: 'initContainers',
      name: 'fetch',
      image: 'busybox:1.36',
      pullPolicy: 'IfNotPresent',
      field: 'spec.template.spec.initContainers[0].image',
      place: 'spec.template.spec initContainers',
    }),
    image: 'busybox:1.36',
    problem: 'moves to each new 1.36.z',
    action: 'write the full version',
    remedy: () => ({
      image: 'busybox:1.36.<patch>',
      alternative: 'busybox:1.36@sha256:<digest>',
      sentence: 'write busybox:1.36.<patch>, until then imagePullPolicy: Always',
    }),
    ...change,
  })
}

/** The creation of a Job by a person, changed as said. */
export function request(change: Partial<AdmissionRequest> = {}): AdmissionRequest {
  return {
    uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
    kind: { group: 'batch', version: 'v1', kind: 'Job' },
    resource: { group: 'batch', version: 'v1', resource: 'jobs' },
    name: 'resnet',
    namespace: 'team-vision',
    operation: 'CREATE',
    userInfo: { username: 'kubernetes-admin', groups: ['system:authenticated'] },
    object: {},
    oldObject: null,
    dryRun: false,
    ...change,
  }
}

/** The same of a Pod. */
export function podRequest(change: Partial<AdmissionRequest> = {}): AdmissionRequest {
  return request({
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    name: 'web',
    ...change,
  })
}

/** What a service account sends as its user. */
export function serviceAccount(namespace: string, name: string): AdmissionRequest['userInfo'] {
  return {
    username: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  }
}

/** What surrounds the findings of a request under the default rules. */
export function occasion(of: AdmissionRequest = request(), changes: Changes = ALL_NEW): Occasion {
  return occasionOf(of, changes, { rules: DEFAULT_RULE_MODES }, { mode: 'enforce' })
}
