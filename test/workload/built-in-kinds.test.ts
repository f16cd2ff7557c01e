import t from 'tap'
import { BUILT_IN_KINDS } from '../../src/workload/built-in-kinds.ts'
import { containersOf } from '../../src/workload/containers.ts'
import { kindsTable } from '../../src/workload/kinds.ts'
import { workloads } from '../fixtures/workloads.ts'

const table = kindsTable()
const fixtures = workloads()
const title = ({ group, kind }: { group: string; kind: string }) => `${kind}.${group}`

t.test('every kind has a fixture, and every fixture a kind', async (t) => {
  t.same(fixtures.map(title).sort(), BUILT_IN_KINDS.map(title).sort())
})

/** What is found in the fixture of each kind: the field of the image, its list, its group, its name. */
const FOUND: Record<string, readonly string[]> = {
  'Pod.': [
    'spec.containers[0].image containers - main',
    'spec.initContainers[0].image initContainers - setup',
    'spec.ephemeralContainers[0].image ephemeralContainers - debug',
    'spec.volumes[0].image.reference volumes - data',
  ],
  'PodTemplate.': ['template.spec.containers[0].image containers - main'],
  'ReplicationController.': template(),
  'DaemonSet.apps': template(),
  'Deployment.apps': template(),
  'ReplicaSet.apps': template(),
  'StatefulSet.apps': template(),
  'ControllerRevision.apps': ['data.spec.template.spec.containers[0].image containers - main'],
  'CronJob.batch': ['spec.jobTemplate.spec.template.spec.containers[0].image containers - main'],
  'Job.batch': template(),
  'RayCluster.ray.io': rayCluster('spec'),
  'RayJob.ray.io': [
    ...rayCluster('spec.rayClusterSpec'),
    'spec.submitterPodTemplate.spec.containers[0].image containers submitter submit',
  ],
  'RayService.ray.io': rayCluster('spec.rayClusterConfig'),
  'JAXJob.kubeflow.org': replicas('jaxReplicaSpecs', 'Worker'),
  'MPIJob.kubeflow.org': replicas('mpiReplicaSpecs', 'Launcher', 'Worker'),
  'PaddleJob.kubeflow.org': replicas('paddleReplicaSpecs', 'Worker'),
  'PyTorchJob.kubeflow.org': replicas('pytorchReplicaSpecs', 'Master', 'Worker'),
  'TFJob.kubeflow.org': replicas('tfReplicaSpecs', 'Chief', 'Worker'),
  'XGBoostJob.kubeflow.org': replicas('xgbReplicaSpecs', 'Master', 'Worker'),
  'Notebook.kubeflow.org': template(),
  'TrainJob.trainer.kubeflow.org': [
    'spec.podTemplateOverrides[0].spec.volumes[0].image.reference volumes - data',
    'spec.runtimePatches[0].trainingRuntimeSpec.template.spec.replicatedJobs[0].template.spec.template.spec.volumes[0].image.reference volumes node data',
    'spec.trainer.image image trainer -',
  ],
  'TrainingRuntime.trainer.kubeflow.org': [
    'spec.template.spec.replicatedJobs[0].template.spec.template.spec.containers[0].image containers node main',
  ],
  'ClusterTrainingRuntime.trainer.kubeflow.org': [
    'spec.template.spec.replicatedJobs[0].template.spec.template.spec.containers[0].image containers node main',
  ],
  'InferenceService.serving.kserve.io': [
    'spec.predictor.containers[0].image containers predictor kserve-container',
    'spec.predictor.model.image containers predictor -',
    'spec.predictor.sklearn.image containers predictor -',
    'spec.predictor.xgboost.image containers predictor -',
    'spec.predictor.tensorflow.image containers predictor -',
    'spec.predictor.pytorch.image containers predictor -',
    'spec.predictor.triton.image containers predictor -',
    'spec.predictor.onnx.image containers predictor -',
    'spec.predictor.huggingface.image containers predictor -',
    'spec.predictor.pmml.image containers predictor -',
    'spec.predictor.lightgbm.image containers predictor -',
    'spec.predictor.paddle.image containers predictor -',
    'spec.predictor.workerSpec.containers[0].image containers predictor worker worker-container',
    'spec.transformer.containers[0].image containers transformer kserve-container',
    'spec.explainer.containers[0].image containers explainer kserve-container',
    'spec.explainer.art.image containers explainer -',
  ],
  'ServingRuntime.serving.kserve.io': [
    'spec.containers[0].image containers - kserve-container',
    'spec.workerSpec.containers[0].image containers worker worker-container',
  ],
  'ClusterServingRuntime.serving.kserve.io': [
    'spec.containers[0].image containers - kserve-container',
    'spec.workerSpec.containers[0].image containers worker worker-container',
  ],
  'Service.serving.knative.dev': template(),
  'Configuration.serving.knative.dev': template(),
  'SparkApplication.sparkoperator.k8s.io': spark('spec'),
  'ScheduledSparkApplication.sparkoperator.k8s.io': spark('spec.template'),
  'Job.batch.volcano.sh': [
    'spec.tasks[0].template.spec.containers[0].image containers ps main',
    'spec.tasks[1].template.spec.containers[0].image containers worker main',
  ],
  'JobSet.jobset.x-k8s.io': [
    'spec.replicatedJobs[0].template.spec.template.spec.containers[0].image containers workers main',
  ],
  'LeaderWorkerSet.leaderworkerset.x-k8s.io': [
    'spec.leaderWorkerTemplate.leaderTemplate.spec.containers[0].image containers leader main',
    'spec.leaderWorkerTemplate.workerTemplate.spec.containers[0].image containers worker main',
  ],
  'Workflow.argoproj.io': workflow('spec'),
  'WorkflowTemplate.argoproj.io': workflow('spec'),
  'ClusterWorkflowTemplate.argoproj.io': workflow('spec'),
  'CronWorkflow.argoproj.io': workflow('spec.workflowSpec'),
  'Rollout.argoproj.io': template(),
  'Task.tekton.dev': task('spec'),
  'ClusterTask.tekton.dev': task('spec'),
  'StepAction.tekton.dev': ['spec.image containers - -'],
  'TaskRun.tekton.dev': [
    ...task('spec.taskSpec'),
    'spec.podTemplate.volumes[0].image.reference volumes - data',
  ],
  'Pipeline.tekton.dev': pipeline('spec'),
  'PipelineRun.tekton.dev': [
    ...pipeline('spec.pipelineSpec'),
    'spec.taskRunTemplate.podTemplate.volumes[0].image.reference volumes - data',
  ],
}

function template() {
  return ['spec.template.spec.containers[0].image containers - main']
}

function rayCluster(path: string) {
  return [
    `${path}.headGroupSpec.template.spec.containers[0].image containers head ray-head`,
    `${path}.workerGroupSpecs[0].template.spec.containers[0].image containers gpu ray-worker`,
    `${path}.autoscalerOptions.image containers autoscaler -`,
  ]
}

function replicas(field: string, ...roles: string[]) {
  return roles.map(
    (role) => `spec.${field}.${role}.template.spec.containers[0].image containers ${role} main`,
  )
}

function spark(path: string) {
  return [
    `${path}.volumes[0].image.reference volumes - data`,
    `${path}.image image - -`,
    ...['driver', 'executor'].flatMap((role) => [
      `${path}.${role}.image image ${role} -`,
      `${path}.${role}.initContainers[0].image initContainers ${role} setup`,
      `${path}.${role}.sidecars[0].image containers ${role} proxy`,
      `${path}.${role}.template.spec.containers[0].image containers ${role} spark`,
    ]),
  ]
}

function workflow(path: string) {
  return [
    `${path}.volumes[0].image.reference volumes - data`,
    `${path}.templateDefaults.container.image containers templateDefaults -`,
    `${path}.templates[0].container.image containers build -`,
    `${path}.templates[0].initContainers[0].image initContainers build setup`,
    `${path}.templates[0].sidecars[0].image containers build proxy`,
    `${path}.templates[0].volumes[0].image.reference volumes build data`,
    `${path}.templates[1].script.image containers report -`,
    `${path}.templates[2].containerSet.containers[0].image containers set first`,
    `${path}.templates[3].steps[0][0].inline.container.image containers one -`,
    `${path}.templates[4].dag.tasks[0].inline.script.image containers two -`,
  ]
}

function task(path: string, group = '-') {
  return [
    `${path}.stepTemplate.image containers ${group} -`,
    `${path}.steps[0].image containers ${group} build`,
    `${path}.sidecars[0].image containers ${group} registry`,
    `${path}.volumes[0].image.reference volumes ${group} data`,
  ]
}

function pipeline(path: string) {
  return [...task(`${path}.tasks[0].taskSpec`, 'compile'), ...task(`${path}.finally[0].taskSpec`, 'notify')]
}

for (const { group, kind, object } of fixtures) {
  t.test(`the containers of ${kind} in group "${group}"`, async (t) => {
    const workload = table.find(group, kind)
    if (workload === undefined) return t.fail('not in the table')
    const found = containersOf(workload, object)
    t.same(
      found.map((it) => `${it.field} ${it.list} ${it.group ?? '-'} ${it.name === '' ? '-' : it.name}`).sort(),
      [...(FOUND[title({ group, kind })] ?? [])].sort(),
    )
    for (const { field, image, malformed } of found) {
      t.equal(image, 'registry.example.com/team/app:1.2.3', `${field} is read`)
      t.equal(malformed, undefined, `${field} makes sense`)
    }
  })
}

t.test('the pull policy is read wherever a kind has one', async (t) => {
  const without = fixtures.flatMap(({ group, kind, object }) => {
    const workload = table.find(group, kind)
    const found = workload === undefined ? [] : containersOf(workload, object)
    return found.filter((it) => it.pullPolicy !== 'IfNotPresent').map((it) => `${kind} ${it.field}`)
  })
  t.same(without, ['TrainJob spec.trainer.image', 'StepAction spec.image'])
})

t.test('the deadline around the pod template is read', async (t) => {
  const bounded = fixtures.filter(({ group, kind, object }) => {
    const workload = table.find(group, kind)
    const found = workload === undefined ? [] : containersOf(workload, object)
    const seconds = new Set(found.map((it) => it.deadlineSeconds))
    t.equal(seconds.size, 1, `one deadline for the whole ${kind}`)
    return seconds.has(3600)
  })
  t.same(bounded.map(title).sort(), [
    'ClusterTrainingRuntime.trainer.kubeflow.org',
    'ClusterWorkflowTemplate.argoproj.io',
    'CronJob.batch',
    'CronWorkflow.argoproj.io',
    'JAXJob.kubeflow.org',
    'Job.batch',
    'JobSet.jobset.x-k8s.io',
    'MPIJob.kubeflow.org',
    'PaddleJob.kubeflow.org',
    'PyTorchJob.kubeflow.org',
    'RayJob.ray.io',
    'TFJob.kubeflow.org',
    'TrainJob.trainer.kubeflow.org',
    'TrainingRuntime.trainer.kubeflow.org',
    'Workflow.argoproj.io',
    'WorkflowTemplate.argoproj.io',
    'XGBoostJob.kubeflow.org',
  ])
})

t.test('what ends by itself is not long-lived', async (t) => {
  t.same(
    table.all
      .filter((kind) => !kind.longLived)
      .map(title)
      .sort(),
    [
      'JAXJob.kubeflow.org',
      'Job.batch',
      'Job.batch.volcano.sh',
      'JobSet.jobset.x-k8s.io',
      'MPIJob.kubeflow.org',
      'PaddleJob.kubeflow.org',
      'PipelineRun.tekton.dev',
      'Pod.',
      'PyTorchJob.kubeflow.org',
      'RayJob.ray.io',
      'SparkApplication.sparkoperator.k8s.io',
      'TFJob.kubeflow.org',
      'TaskRun.tekton.dev',
      'TrainJob.trainer.kubeflow.org',
      'Workflow.argoproj.io',
      'XGBoostJob.kubeflow.org',
    ],
  )
})

t.test('Knative alone resolves tags to digests', async (t) => {
  t.same(table.all.filter((kind) => kind.resolvesTags).map(title), [
    'Service.serving.knative.dev',
    'Configuration.serving.knative.dev',
  ])
})

t.test('what is in no namespace says so in its name', async (t) => {
  const named = table.all.filter(({ kind }) => kind.startsWith('Cluster'))
  t.ok(named.length >= 4)
  t.same(table.all.filter((kind) => kind.clusterScoped).map(title), named.map(title))
})
