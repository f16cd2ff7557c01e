import type { EffectiveSpec } from './effective.ts'
import { DEFAULT_RULE_MODES } from './rule-modes.ts'

/**
 * What holds where a policy says nothing, and the whole policy where nobody wrote one. deploy/ shows the same with
 * comments, as a sample and as a file; a test compares them.
 */
export const BUILT_IN_SPEC: EffectiveSpec = {
  mode: 'warn',
  namespaceModes: [],
  rules: DEFAULT_RULE_MODES,
  ephemeralContainers: 'warn',
  ownedObjects: 'audit',
  exemptions: [
    {
      name: 'istio-gateway',
      images: ['auto'],
      containers: ['istio-proxy'],
      reason: "Istio's gateway charts render the image auto, and its injection replaces it",
    },
  ],
  cluster: {
    namespaceOverride: 'any',
    controllers: 'cluster',
    registries: [
      { host: 'registry.console.elementai.com', buildNumbers: false },
      {
        host: 'volatile-registry.console.elementai.com',
        retention: { default: '24h', suffix: true, maximum: { days: 90, months: 3 } },
      },
    ],
    // Full releases that have no third number.
    tagKinds: {
      version: [
        'nvcr.io/nvidia/**:[0-9][0-9].[0-9][0-9]*',
        '**/postgres:[1-9][0-9].[0-9]*',
        '**/pause:[0-9]*.[0-9]*',
      ],
      latest: [],
      partial: [],
      floating: [],
    },
    alwaysPullImages: false,
    trustedControllers: [],
    workloads: [],
  },
}
