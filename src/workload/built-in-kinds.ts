/** A place with a pod spec: its path, or the path and what is known about the place. Paths are texts, see path.ts. */
export type PodSpecRow = string | ({ readonly path: string } & Surroundings)

/** A place with an image. */
export interface ImageRow extends Surroundings {
  readonly image: string
  readonly pullPolicy?: string
  /** Set where the image is that of a whole container and not a bare field. */
  readonly list?: 'containers' | 'initContainers'
}

interface Surroundings {
  /** A fixed name for the group of containers, or the path of the field or map key that names it. */
  readonly group?: string
  readonly groupField?: string
  /** The field that bounds the time of what runs, in seconds. */
  readonly deadline?: string
}

/** A row of the kinds table. */
export interface KindRow {
  readonly group: string
  readonly kind: string
  readonly resource: string
  readonly subresources?: readonly string[]
  readonly clusterScoped?: boolean
  readonly longLived?: boolean
  readonly substitution?: 'tekton' | 'argo'
  readonly resolvesTags?: boolean
  /** Also what has only some of a pod spec's lists: `volumes` of a Tekton Task, `initContainers` of a Spark driver. */
  readonly podSpecs?: readonly PodSpecRow[]
  readonly images?: readonly ImageRow[]
}

/**
 * A path under the image of a container, with its own pull policy: `spec.steps[*]`.
 * Its name, where it has one, stands beside the image.
 */
function container(path: string, surroundings: Surroundings = {}): ImageRow {
  return {
    image: `${path}.image`,
    pullPolicy: `${path}.imagePullPolicy`,
    list: 'containers',
    ...surroundings,
  }
}

/** Kubernetes' own kinds (k8s.io/api core/v1, apps/v1, batch/v1). */
const KUBERNETES: readonly KindRow[] = [
  {
    group: '',
    kind: 'Pod',
    resource: 'pods',
    // kubectl debug: the request's kind is Pod and its object the whole Pod.
    subresources: ['pods/ephemeralcontainers'],
    podSpecs: ['spec'],
  },
  {
    group: '',
    kind: 'PodTemplate',
    resource: 'podtemplates',
    longLived: true,
    podSpecs: ['template.spec'],
  },
  {
    group: '',
    kind: 'ReplicationController',
    resource: 'replicationcontrollers',
    longLived: true,
    podSpecs: ['spec.template.spec'],
  },
  {
    group: 'apps',
    kind: 'DaemonSet',
    resource: 'daemonsets',
    longLived: true,
    podSpecs: ['spec.template.spec'],
  },
  {
    group: 'apps',
    kind: 'Deployment',
    resource: 'deployments',
    longLived: true,
    podSpecs: ['spec.template.spec'],
  },
  {
    group: 'apps',
    kind: 'ReplicaSet',
    resource: 'replicasets',
    longLived: true,
    podSpecs: ['spec.template.spec'],
  },
  {
    group: 'apps',
    kind: 'StatefulSet',
    resource: 'statefulsets',
    longLived: true,
    podSpecs: ['spec.template.spec'],
  },
  {
    // A StatefulSet makes Pods from the template that is stored here. A DaemonSet keeps its history in it too.
    group: 'apps',
    kind: 'ControllerRevision',
    resource: 'controllerrevisions',
    longLived: true,
    podSpecs: ['data.spec.template.spec'],
  },
  {
    group: 'batch',
    kind: 'CronJob',
    resource: 'cronjobs',
    longLived: true,
    podSpecs: [
      {
        path: 'spec.jobTemplate.spec.template.spec',
        deadline: 'spec.jobTemplate.spec.activeDeadlineSeconds',
      },
    ],
  },
  {
    group: 'batch',
    kind: 'Job',
    resource: 'jobs',
    podSpecs: [{ path: 'spec.template.spec', deadline: 'spec.activeDeadlineSeconds' }],
  },
]

/** KubeRay (ray-operator/apis/ray/v1). */
const RAY: readonly KindRow[] = [
  { group: 'ray.io', kind: 'RayCluster', resource: 'rayclusters', longLived: true, ...rayCluster('spec') },
  {
    group: 'ray.io',
    kind: 'RayJob',
    resource: 'rayjobs',
    ...rayJob('spec'),
  },
  {
    group: 'ray.io',
    kind: 'RayService',
    resource: 'rayservices',
    longLived: true,
    ...rayCluster('spec.rayClusterConfig'),
  },
]

function rayCluster(path: string, deadline?: string) {
  return {
    podSpecs: [
      { path: `${path}.headGroupSpec.template.spec`, group: 'head', deadline },
      {
        path: `${path}.workerGroupSpecs[*].template.spec`,
        groupField: `${path}.workerGroupSpecs[*].groupName`,
        deadline,
      },
    ],
    images: [container(`${path}.autoscalerOptions`, { group: 'autoscaler', deadline })],
  }
}

function rayJob(path: string) {
  const deadline = `${path}.activeDeadlineSeconds`
  const cluster = rayCluster(`${path}.rayClusterSpec`, deadline)
  return {
    podSpecs: [
      ...cluster.podSpecs,
      { path: `${path}.submitterPodTemplate.spec`, group: 'submitter', deadline },
    ],
    images: cluster.images,
  }
}

/** Kubeflow: training-operator (pkg/apis/kubeflow.org/v1), mpi-operator v2beta1, trainer (v1alpha1), notebook-controller. */
const KUBEFLOW: readonly KindRow[] = [
  trainingJob('JAXJob', 'jaxjobs', 'jaxReplicaSpecs'),
  trainingJob('MPIJob', 'mpijobs', 'mpiReplicaSpecs'),
  trainingJob('PaddleJob', 'paddlejobs', 'paddleReplicaSpecs'),
  trainingJob('PyTorchJob', 'pytorchjobs', 'pytorchReplicaSpecs'),
  trainingJob('TFJob', 'tfjobs', 'tfReplicaSpecs'),
  trainingJob('XGBoostJob', 'xgboostjobs', 'xgbReplicaSpecs'),
  {
    group: 'kubeflow.org',
    kind: 'Notebook',
    resource: 'notebooks',
    longLived: true,
    podSpecs: ['spec.template.spec'],
  },
  {
    group: 'trainer.kubeflow.org',
    kind: 'TrainJob',
    resource: 'trainjobs',
    // Patches of the runtime hold no images of containers, but volumes; their name changed in 2.2.
    podSpecs: [
      {
        path: 'spec.podTemplateOverrides[*].spec',
        deadline: 'spec.activeDeadlineSeconds',
      },
      {
        path: 'spec.runtimePatches[*].trainingRuntimeSpec.template.spec.replicatedJobs[*].template.spec.template.spec',
        groupField: 'spec.runtimePatches[*].trainingRuntimeSpec.template.spec.replicatedJobs[*].name',
        deadline: 'spec.activeDeadlineSeconds',
      },
    ],
    images: [{ image: 'spec.trainer.image', group: 'trainer', deadline: 'spec.activeDeadlineSeconds' }],
  },
  {
    group: 'trainer.kubeflow.org',
    kind: 'TrainingRuntime',
    resource: 'trainingruntimes',
    longLived: true,
    podSpecs: [jobSet('spec.template.spec')],
  },
  {
    group: 'trainer.kubeflow.org',
    kind: 'ClusterTrainingRuntime',
    resource: 'clustertrainingruntimes',
    clusterScoped: true,
    longLived: true,
    podSpecs: [jobSet('spec.template.spec')],
  },
]

function trainingJob(kind: string, resource: string, replicaSpecs: string): KindRow {
  return {
    group: 'kubeflow.org',
    kind,
    resource,
    podSpecs: [
      {
        path: `spec.${replicaSpecs}{*}.template.spec`,
        groupField: `spec.${replicaSpecs}{*}`,
        deadline: 'spec.runPolicy.activeDeadlineSeconds',
      },
    ],
  }
}

/** The spec of a JobSet (sigs.k8s.io/jobset api/jobset/v1alpha2). */
function jobSet(path: string): PodSpecRow {
  return {
    path: `${path}.replicatedJobs[*].template.spec.template.spec`,
    groupField: `${path}.replicatedJobs[*].name`,
    deadline: `${path}.replicatedJobs[*].template.spec.activeDeadlineSeconds`,
  }
}

/** The model servers that an InferenceService knows by name; each is a container with more fields. */
const MODEL_SERVERS = [
  'model',
  'sklearn',
  'xgboost',
  'tensorflow',
  'pytorch',
  'triton',
  'onnx',
  'huggingface',
  'pmml',
  'lightgbm',
  'paddle',
]

/** Model serving: kserve (pkg/apis/serving/v1beta1, v1alpha1). A predictor, transformer or explainer is a pod spec itself. */
const SERVING: readonly KindRow[] = [
  {
    group: 'serving.kserve.io',
    kind: 'InferenceService',
    resource: 'inferenceservices',
    longLived: true,
    podSpecs: [
      { path: 'spec.predictor', group: 'predictor' },
      { path: 'spec.predictor.workerSpec', group: 'predictor worker' },
      { path: 'spec.transformer', group: 'transformer' },
      { path: 'spec.explainer', group: 'explainer' },
    ],
    images: [
      ...MODEL_SERVERS.map((server) => container(`spec.predictor.${server}`, { group: 'predictor' })),
      container('spec.explainer.art', { group: 'explainer' }),
    ],
  },
  {
    group: 'serving.kserve.io',
    kind: 'ServingRuntime',
    resource: 'servingruntimes',
    longLived: true,
    podSpecs: ['spec', { path: 'spec.workerSpec', group: 'worker' }],
  },
  {
    group: 'serving.kserve.io',
    kind: 'ClusterServingRuntime',
    resource: 'clusterservingruntimes',
    clusterScoped: true,
    longLived: true,
    podSpecs: ['spec', { path: 'spec.workerSpec', group: 'worker' }],
  },
  // Knative resolves each tag to a digest when it makes a Revision, and its Pods run that digest. Revisions are not
  // judged: they only repeat what a Configuration says, and are made by Knative's controller.
  {
    group: 'serving.knative.dev',
    kind: 'Service',
    resource: 'services',
    longLived: true,
    resolvesTags: true,
    podSpecs: ['spec.template.spec'],
  },
  {
    group: 'serving.knative.dev',
    kind: 'Configuration',
    resource: 'configurations',
    longLived: true,
    resolvesTags: true,
    podSpecs: ['spec.template.spec'],
  },
]

/** spark-operator (api/v1beta2): bare images of driver and executor share one pull policy. */
const SPARK: readonly KindRow[] = [
  {
    group: 'sparkoperator.k8s.io',
    kind: 'SparkApplication',
    resource: 'sparkapplications',
    ...spark('spec'),
  },
  {
    group: 'sparkoperator.k8s.io',
    kind: 'ScheduledSparkApplication',
    resource: 'scheduledsparkapplications',
    longLived: true,
    ...spark('spec.template'),
  },
]

function spark(path: string) {
  const roles = ['driver', 'executor'].map((group) => ({ group, at: `${path}.${group}` }))
  return {
    podSpecs: [
      path,
      ...roles.flatMap(({ group, at }) => [
        { path: at, group },
        { path: `${at}.template.spec`, group },
      ]),
    ],
    images: [
      { image: `${path}.image`, pullPolicy: `${path}.imagePullPolicy` },
      ...roles.flatMap(({ group, at }) => [
        { image: `${at}.image`, pullPolicy: `${path}.imagePullPolicy`, group },
        container(`${at}.sidecars[*]`, { group }),
      ]),
    ],
  }
}

/** Groups of Pods: Volcano (pkg/apis/batch/v1alpha1), JobSet, LeaderWorkerSet (api/leaderworkerset/v1). */
const POD_GROUPS: readonly KindRow[] = [
  {
    group: 'batch.volcano.sh',
    kind: 'Job',
    resource: 'jobs',
    podSpecs: [{ path: 'spec.tasks[*].template.spec', groupField: 'spec.tasks[*].name' }],
  },
  { group: 'jobset.x-k8s.io', kind: 'JobSet', resource: 'jobsets', podSpecs: [jobSet('spec')] },
  {
    group: 'leaderworkerset.x-k8s.io',
    kind: 'LeaderWorkerSet',
    resource: 'leaderworkersets',
    longLived: true,
    podSpecs: [
      { path: 'spec.leaderWorkerTemplate.leaderTemplate.spec', group: 'leader' },
      { path: 'spec.leaderWorkerTemplate.workerTemplate.spec', group: 'worker' },
    ],
  },
]

/** Argo Workflows (pkg/apis/workflow/v1alpha1) and Argo Rollouts (pkg/apis/rollouts/v1alpha1). */
const ARGO: readonly KindRow[] = [
  { group: 'argoproj.io', kind: 'Workflow', resource: 'workflows', ...workflow('spec') },
  {
    group: 'argoproj.io',
    kind: 'WorkflowTemplate',
    resource: 'workflowtemplates',
    longLived: true,
    ...workflow('spec'),
  },
  {
    group: 'argoproj.io',
    kind: 'ClusterWorkflowTemplate',
    resource: 'clusterworkflowtemplates',
    clusterScoped: true,
    longLived: true,
    ...workflow('spec'),
  },
  {
    group: 'argoproj.io',
    kind: 'CronWorkflow',
    resource: 'cronworkflows',
    longLived: true,
    ...workflow('spec.workflowSpec'),
  },
  {
    group: 'argoproj.io',
    kind: 'Rollout',
    resource: 'rollouts',
    longLived: true,
    podSpecs: ['spec.template.spec'],
  },
]

function workflow(path: string) {
  // A step or task may hold its template inline. One inside another is left to the Pod, where everything is seen.
  const templates = [
    { at: `${path}.templateDefaults`, group: 'templateDefaults' },
    { at: `${path}.templates[*]`, groupField: `${path}.templates[*].name` },
    { at: `${path}.templates[*].steps[*][*].inline`, groupField: `${path}.templates[*].steps[*][*].name` },
    { at: `${path}.templates[*].dag.tasks[*].inline`, groupField: `${path}.templates[*].dag.tasks[*].name` },
  ]
  const deadline = `${path}.activeDeadlineSeconds`
  return {
    substitution: 'argo' as const,
    podSpecs: [
      { path, deadline },
      ...templates.map(({ at, ...group }) => ({ path: at, deadline, ...group })),
    ],
    images: templates.flatMap(({ at, ...group }) =>
      ['container', 'script', 'sidecars[*]', 'containerSet.containers[*]'].map((field) =>
        container(`${at}.${field}`, { deadline, ...group }),
      ),
    ),
  }
}

/** Tekton Pipelines (pkg/apis/pipeline/v1; ClusterTask until v1beta1, StepAction from v1alpha1). */
const TEKTON: readonly KindRow[] = [
  { ...tekton('Task', 'tasks'), longLived: true, ...taskSpec('spec') },
  { ...tekton('ClusterTask', 'clustertasks'), clusterScoped: true, longLived: true, ...taskSpec('spec') },
  {
    // It has no pull policy of its own: the step that refers to it has.
    ...tekton('StepAction', 'stepactions'),
    longLived: true,
    images: [{ image: 'spec.image', list: 'containers' }],
  },
  {
    ...tekton('TaskRun', 'taskruns'),
    podSpecs: [...taskSpec('spec.taskSpec').podSpecs, 'spec.podTemplate'],
    images: taskSpec('spec.taskSpec').images,
  },
  { ...tekton('Pipeline', 'pipelines'), longLived: true, ...pipelineSpec('spec') },
  {
    ...tekton('PipelineRun', 'pipelineruns'),
    podSpecs: [...pipelineSpec('spec.pipelineSpec').podSpecs, 'spec.taskRunTemplate.podTemplate'],
    images: pipelineSpec('spec.pipelineSpec').images,
  },
]

function tekton(kind: string, resource: string) {
  return { group: 'tekton.dev', kind, resource, substitution: 'tekton' as const }
}

function taskSpec(path: string, group: Surroundings = {}) {
  return {
    podSpecs: [{ path, ...group }],
    images: ['stepTemplate', 'steps[*]', 'sidecars[*]'].map((field) => container(`${path}.${field}`, group)),
  }
}

function pipelineSpec(path: string) {
  const [tasks, last] = ['tasks', 'finally'].map((list) =>
    taskSpec(`${path}.${list}[*].taskSpec`, { groupField: `${path}.${list}[*].name` }),
  ) as [ReturnType<typeof taskSpec>, ReturnType<typeof taskSpec>]
  return { podSpecs: [...tasks.podSpecs, ...last.podSpecs], images: [...tasks.images, ...last.images] }
}

/**
 * Every kind that is judged without a policy naming it. The paths hold for all versions of a kind: none of these
 * groups has moved its pod templates between the versions that it serves.
 */
export const BUILT_IN_KINDS: readonly KindRow[] = [
  ...KUBERNETES,
  ...RAY,
  ...KUBEFLOW,
  ...SERVING,
  ...SPARK,
  ...POD_GROUPS,
  ...ARGO,
  ...TEKTON,
]
