/** The smallest object that is judged: it needs no service account, and no controller makes anything of it. */
export function podTemplate(image: string): object {
  return {
    apiVersion: 'v1',
    kind: 'PodTemplate',
    metadata: { name: 'a' },
    template: { spec: { containers: [{ name: 'main', image }] } },
  }
}
