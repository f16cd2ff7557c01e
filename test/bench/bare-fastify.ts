// What any webhook on fastify has to do: parse the body, and answer with its uid.
// Arguments: CERTIFICATE KEY PORT
import { readFileSync } from 'node:fs'
import fastify from 'fastify'

const [cert = '', key = '', port = ''] = process.argv.slice(2)
const app = fastify({
  https: { cert: readFileSync(cert), key: readFileSync(key), minVersion: 'TLSv1.3' },
  bodyLimit: 24 * 1024 * 1024,
})

app.post('/validate', async (request) => {
  const { uid } = (request.body as { request: { uid: string } }).request
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, allowed: true } }
})
await app.listen({ host: '127.0.0.1', port: Number(port) })
