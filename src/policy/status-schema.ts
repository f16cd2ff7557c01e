import type { Static } from 'typebox'
import type { Schema } from './json-schema.ts'

/** Names of namespaces that a status lists; the rest is counted. */
export const MAX_LISTED_NAMESPACES = 50

/** Characters of a condition's message (metav1.Condition allows 32,768); the rest of the mistakes is counted. */
export const MAX_CONDITION_MESSAGE = 4_096

const ConditionSchema = {
  type: 'object',
  description: 'One aspect of the state of the policy.',
  required: ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
  properties: {
    type: {
      type: 'string',
      description:
        'Ready: it is in force as it is written. Registered: the API server sends each kind it knows.',
      enum: ['Ready', 'Registered'],
    },
    status: { type: 'string', description: 'Whether it holds.', enum: ['True', 'False', 'Unknown'] },
    reason: { type: 'string', description: 'Why, in a word.', maxLength: 63 },
    message: {
      type: 'string',
      description: 'Why, and what to do about it.',
      maxLength: MAX_CONDITION_MESSAGE,
    },
    observedGeneration: {
      type: 'integer',
      description: 'The metadata.generation that it speaks of.',
      minimum: 0,
    },
    lastTransitionTime: {
      type: 'string',
      description: 'When the status became what it is.',
      format: 'date-time',
    },
  },
} as const satisfies Schema

const names = (description: string, maxItems: number) =>
  ({
    type: 'array',
    description,
    items: { type: 'string', description: 'A name.', maxLength: 253 },
    maxItems,
  }) as const

/** What tallyman writes back. It is made by policy-status.ts. */
export const StatusSchema = {
  type: 'object',
  description: 'What became of the policy. tallyman writes it.',
  properties: {
    observedGeneration: {
      type: 'integer',
      description: 'The metadata.generation that this speaks of.',
      minimum: 0,
    },
    conditions: {
      type: 'array',
      description: 'Ready and, in the policy called default, Registered.',
      items: ConditionSchema,
      maxItems: 2,
      keys: ['type'],
    },
    accepted: {
      type: 'object',
      description:
        'The last spec that was accepted. Where the present one is refused, this one is in force, also in a tallyman that starts later.',
      properties: {
        generation: { type: 'integer', description: 'Its metadata.generation.', minimum: 0 },
        spec: { type: 'object', description: 'The spec.', properties: {}, additionalProperties: true },
      },
    },
    namespaces: {
      type: 'object',
      description: 'The namespaces in which it holds.',
      properties: {
        count: { type: 'integer', description: 'How many there are.', minimum: 0 },
        names: names('The first of them by name.', MAX_LISTED_NAMESPACES),
      },
    },
    exemptions: {
      type: 'object',
      description: 'Its exemptions.',
      properties: {
        count: { type: 'integer', description: 'How many there are.', minimum: 0 },
        expired: names('Those whose last day is over.', 500),
        unmatched: names('Those that cover none of the namespaces in which it holds.', 500),
      },
    },
  },
} as const satisfies Schema

export type TagPolicyStatus = Static<typeof StatusSchema>
