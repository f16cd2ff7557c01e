import t from 'tap'
import { isMirrorPod } from '../../src/admission/mirror.ts'
import { podRequest, request } from './samples.ts'

const object = { metadata: { annotations: { 'kubernetes.io/config.mirror': '3f0c' } } }
const userInfo = { username: 'system:node:worker-1', groups: ['system:nodes', 'system:authenticated'] }

t.ok(isMirrorPod(podRequest({ object, userInfo })), 'a node reports a static Pod')
t.notOk(isMirrorPod(podRequest({ object })), 'a person writes the annotation')
t.notOk(isMirrorPod(podRequest({ object: { metadata: {} }, userInfo })), 'a node makes another Pod')
t.notOk(isMirrorPod(request({ object, userInfo })), 'a Job is no Pod')
