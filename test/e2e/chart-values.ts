/** A value for each setting of the chart that the others leave alone, as in a file for `--values`. */
export const EVERYTHING = {
  imagePullSecrets: [{ name: 'login' }],
  replicas: 5,
  nodeSelector: { disk: 'ssd' },
  tolerations: [{ key: 'system', operator: 'Exists', effect: 'NoSchedule' }],
  affinity: { podAntiAffinity: {} },
  priorityClassName: 'system-cluster-critical',
  podAnnotations: { 'prometheus.io/port': null, 'example.com/team': 'platform' },
  extraArgs: ['--log-level=debug'],
  env: [
    { name: 'NODE_OPTIONS', value: '--max-old-space-size=200' },
    { name: 'TALLYMAN_MODE', value: 'warn' },
  ],
  resources: { limits: { memory: '400Mi' } },
  timeoutSeconds: 3,
  networkPolicy: { apiServerPorts: [443, 16443] },
  excludedNamespaces: ['storage', 'kube-system'],
  failurePolicy: 'Fail',
  extraWebhookRules: [
    {
      apiGroups: ['example.com'],
      apiVersions: ['*'],
      operations: ['CREATE', 'UPDATE'],
      resources: ['engines'],
      scope: '*',
    },
  ],
}
