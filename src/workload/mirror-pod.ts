import type { ObjectMeta } from './object-meta.ts'

/** Source: k8s.io/api core/v1 MirrorPodAnnotationKey. */
const ANNOTATION = 'kubernetes.io/config.mirror'

/** Whether an object says that it mirrors a static Pod, which a node runs whatever the API server answers. It alone proves nothing. */
export function saysMirror(meta: ObjectMeta): boolean {
  return meta.hasAnnotation(ANNOTATION)
}
