// Webhooks made through both wires by JavaScript clients, and both signatures of what they are sent, verified in Node.

import { createWebhook, deleteFile, deleteWebhook, storeFile, updateMetadata } from '@uploadcare/rest-client'
import { uploadFile } from '@uploadcare/upload-client'
import { Checks } from './checks.mjs'
import { Receiver } from './receiver.mjs'
import { resting, uc, uploading } from './server.mjs'
import { standard, uploadcare } from './signatures.mjs'

const SECRET = 'ключ & key'
const UPLOADCARE_EVENTS = ['file.uploaded', 'file.stored', 'file.info_updated', 'file.deleted']
const UC_EVENTS = ['file.created', 'file.updated', 'file.deleted']

const checks = new Checks()
const receiver = await new Receiver().start()
const settings = resting('signed')
const targetUrl = `${receiver.url}/uploadcare`
let webhook

await checks.scene('webhooks', async () => {
  try {
    for (const event of UPLOADCARE_EVENTS) await createWebhook({ targetUrl, event, signingSecret: SECRET }, settings)
    webhook = await uc('POST', 'webhooks', { webhook: { target_url: `${receiver.url}/uc`, events: UC_EVENTS } })
    await change()
    await told('/uploadcare', SECRET, UPLOADCARE_EVENTS, (body) => body.hook.event)
    await told('/uc', webhook.attributes.signing_secret, UC_EVENTS, (body) => body.data.attributes.event)
  } finally {
    await deleteWebhook({ targetUrl }, settings)
    if (webhook) await uc('DELETE', `webhooks/${webhook.id}`)
  }
})
checks.finish()

async function change() {
  const { uuid } = await uploadFile(Buffer.from('told'), { ...uploading, fileName: '☃ "told".txt', store: false })
  await storeFile({ uuid }, settings)
  await updateMetadata({ uuid, key: 'said', value: 'ünï <&> \u2028' }, settings)
  await deleteFile({ uuid }, settings)
}

async function told(path, secret, events, eventOf) {
  const eventsOf = (deliveries) => new Set(deliveries.map((delivery) => eventOf(JSON.parse(delivery.body))))
  const deliveries = await receiver.wait(path, (arrived) => eventsOf(arrived).size === events.length)
  checks.equal(`${path}: all were told`, [...eventsOf(deliveries)].sort(), [...events].sort())
  for (const delivery of deliveries) {
    const body = JSON.parse(delivery.body)
    const what = `${path} ${eventOf(body)}`
    checks.equal(`${what}: request`, [delivery.method, delivery.headers['content-type']], ['POST', 'application/json'])
    checks.matches(`${what}: sender`, delivery.headers['user-agent'], /^Boathook\/\d+\.\d+\.\d+/)
    checks.holds(`${what}: X-Uc-Signature`, uploadcare(secret, delivery), delivery.headers)
    checks.holds(`${what}: webhook-signature`, standard(secret, delivery), delivery.headers)
    checks.holds(`${what}: another secret fails`, !uploadcare('other', delivery) && !standard('other', delivery))
    checks.equal(`${what}: compact`, JSON.stringify(body), delivery.body.toString())
  }
}
