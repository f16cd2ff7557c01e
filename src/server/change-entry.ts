/** The entries of the webhook configuration for what holds, by what they are about. */
export type ChangeEntry = 'policies' | 'namespaces'
