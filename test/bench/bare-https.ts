// The least that Node can do: HTTPS that takes in a body and gives a constant answer.
// Arguments: CERTIFICATE KEY PORT
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'

const [cert = '', key = '', port = ''] = process.argv.slice(2)
const ANSWER = JSON.stringify({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  response: { uid: '0df28fbd-5f5f-11e8-bc74-36e6bb280816', allowed: true },
})

createServer(
  { cert: readFileSync(cert), key: readFileSync(key), minVersion: 'TLSv1.3' },
  (request, response) => {
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/json')
      response.end(ANSWER)
    })
  },
).listen(Number(port), '127.0.0.1')
