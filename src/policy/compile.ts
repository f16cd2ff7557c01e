import { imageReader } from '../image/reader.ts'
import { kindsTable } from '../workload/kinds.ts'
import { deepFreeze } from './deep-freeze.ts'
import { effectiveSpec } from './effective.ts'
import { compileGlob } from './glob.ts'
import { compileImageGlob } from './image-glob.ts'
import type { ClusterFacts, Exemption, NamespaceMode, Policy } from './policy.ts'
import type { ClusterSpec, ExemptionSpec, TagPolicy, TagPolicySpec } from './schema.ts'
import { tagFacts } from './tag-facts.ts'

/**
 * Makes the policy in force of a TagPolicy that parse.ts accepted: defaults filled in, globs compiled, frozen.
 * @param cluster the facts about the cluster, where they come from another policy
 */
export function compilePolicy(tagPolicy: TagPolicy, cluster?: ClusterFacts): Policy {
  const spec = effectiveSpec(tagPolicy)
  const policy: Policy = {
    name: tagPolicy.metadata.name,
    mode: spec.mode,
    ...(spec.enforceFrom && { enforceFrom: spec.enforceFrom }),
    namespaceModes: spec.namespaceModes.map(namespaceMode),
    ...(spec.namespaces && { offeredTo: anyOf(spec.namespaces) }),
    rules: spec.rules,
    ephemeralContainers: spec.ephemeralContainers,
    ownedObjects: spec.ownedObjects,
    ...(spec.helpURL && { helpURL: spec.helpURL }),
    exemptions: spec.exemptions.map(exemption),
    cluster: cluster ?? clusterFacts(spec.cluster),
  }
  // Facts that came from another policy were frozen with it; they are by far the most of what there is to walk through.
  return deepFreeze(policy, new Set<unknown>([cluster]))
}

function namespaceMode(spec: NonNullable<TagPolicySpec['namespaceModes']>[number]): NamespaceMode {
  const { mode, enforceFrom, namespaces } = spec
  return { mode, ...(enforceFrom && { enforceFrom }), matches: anyOf(namespaces) }
}

function exemption(spec: ExemptionSpec): Exemption {
  const images = spec.images.map(compileImageGlob)
  return {
    name: spec.name,
    // A folded text of YAML ends in a line break; a reason is shown on one line.
    reason: spec.reason.trim().replace(/\s+/g, ' '),
    ...(spec.expires && { expires: spec.expires }),
    ...(spec.rules && { rules: new Set(spec.rules) }),
    globs: images.length + (spec.containers?.length ?? 0) + (spec.namespaces?.length ?? 0),
    matchesImage: (image) => images.some((covers) => covers(image)),
    matchesContainer: spec.containers ? anyOf(spec.containers) : always,
    matchesNamespace: spec.namespaces ? anyOf(spec.namespaces) : always,
  }
}

function clusterFacts(spec: Required<ClusterSpec>): ClusterFacts {
  return {
    namespaceOverride: spec.namespaceOverride,
    controllers: spec.controllers,
    readImage: imageReader(tagFacts(spec.registries, spec.tagKinds)),
    keepingRegistries: spec.registries.filter(({ retention }) => !retention).map(({ host }) => host),
    alwaysPullImages: spec.alwaysPullImages,
    trustedControllers: [...spec.trustedControllers],
    kinds: kindsTable(spec.workloads),
  }
}

/** Whether one of some globs takes in a name. No name (an object of cluster scope, an unnamed container) is in none. */
function anyOf(texts: readonly string[]): (name: string) => boolean {
  const globs = texts.map(compileGlob)
  return (name) => name !== '' && globs.some((glob) => glob.matches(name))
}

function always(): boolean {
  return true
}
