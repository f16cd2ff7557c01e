import { type Image, invalidImage } from '../image/image.ts'
import { isPullPolicy } from '../image/pull-policy.ts'
import type { ClusterFacts } from '../policy/policy.ts'
import type { Container } from '../workload/container.ts'
import type { WorkloadKind } from '../workload/kinds.ts'
import type { Subject } from './rule.ts'

/** What the rules look at in a container of a workload, or undefined where it names no image. */
export function subjectOf(
  container: Container,
  kind: WorkloadKind,
  cluster: ClusterFacts,
): Subject | undefined {
  const image =
    container.malformed === undefined
      ? imageOf(container, cluster)
      : malformedImage(container.malformed, container.unquoted)
  if (image === undefined) return undefined
  return {
    image,
    pull: pullOf(container, image),
    lifetimeSeconds: kind.longLived ? Number.POSITIVE_INFINITY : container.deadlineSeconds,
    resolvesTags: kind.resolvesTags,
    alwaysPullImages: cluster.alwaysPullImages,
  }
}

function imageOf({ image }: Container, { readImage }: ClusterFacts): Image | undefined {
  return image === undefined ? undefined : readImage(image)
}

/** A container that makes no sense is a finding like any other, never an error of ours. */
function malformedImage(found: string, unquoted: Container['unquoted']): Image {
  return invalidImage({
    valid: false,
    original: '',
    problem: `is ${found}`,
    action: unquoted ? 'write the image in quotes' : 'write what belongs there',
  })
}

function pullOf({ pullPolicy: written, pullPolicyField: field }: Container, image: Image): Subject['pull'] {
  const byDefault = image.defaultPullPolicy
  if (written === undefined) return { policy: byDefault, origin: 'absent', field }
  // What is no pull policy (a template's placeholder, a misspelling) is the API server's to refuse at the Pod.
  if (!isPullPolicy(written)) return { policy: byDefault, origin: 'absent' }
  return { policy: written, origin: written === byDefault ? 'default' : 'written', field }
}
