// Webhooks: create, list, update, delete by address; field errors as the client names them.

import {
  RestClientError, RestClientValidationError, createWebhook, deleteWebhook, listOfWebhooks, updateWebhook
} from '@uploadcare/rest-client'
import { randomUUID } from 'node:crypto'

const EVENTS = ['file.uploaded', 'file.infected', 'file.stored', 'file.deleted', 'file.info_updated']
const SECRET = 'a-secret-of-32-characters-012345'

export async function play(checks, settings) {
  const targetUrl = `https://hooks.example.test/${randomUUID()}`
  const made = []
  for (const event of EVENTS) made.push(await createWebhook({ targetUrl, event, isActive: true }, settings))
  checks.equal('create', made.map((webhook) => webhook.event), EVENTS)
  const { id, project, isActive, signingSecret, version } = made[0]
  checks.equal('create: fields', [isActive, signingSecret, version, typeof project], [true, null, '0.7', 'number'])
  await listed(checks, settings, targetUrl, made)

  const updated = await updateWebhook({ id, isActive: false, signingSecret: SECRET }, settings)
  const seen = [updated.id, updated.isActive, updated.signingSecret, updated.targetUrl, updated.event]
  checks.equal('update', seen, [id, false, SECRET, targetUrl, EVENTS[0]])
  await refused(checks, settings, targetUrl, made)

  checks.equal('delete by address', await deleteWebhook({ targetUrl }, settings), undefined)
  await listed(checks, settings, targetUrl, [])
  checks.equal('delete what is not there', await deleteWebhook({ targetUrl }, settings), undefined)
}

async function listed(checks, settings, targetUrl, expected) {
  const all = await listOfWebhooks({}, settings)
  const ours = all.filter((webhook) => webhook.targetUrl === targetUrl).sort((a, b) => a.id - b.id)
  checks.equal(`list of ${expected.length}`, ours, expected)
}

async function refused(checks, settings, targetUrl, made) {
  const create = (options) => () => createWebhook(options, settings)
  const update = (options) => () => updateWebhook(options, settings)
  const doubles = { twice: create({ targetUrl, event: EVENTS[0] }), into: update({ id: made[1].id, event: EVENTS[0] }) }
  for (const [what, act] of Object.entries(doubles)) {
    const error = await checks.rejects(what, RestClientValidationError, act)
    const said = error?.errors?.nonFieldErrors?.join() ?? ''
    checks.holds(`${what}: says so`, said.includes('project is already subscribed on this event'), error?.errors)
  }
  const fields = {
    event: { targetUrl, event: 'file.eaten' },
    targetUrl: { targetUrl: 'not an address', event: EVENTS[0] }
  }
  for (const [field, options] of Object.entries(fields)) {
    const error = await checks.rejects(`bad ${field}`, RestClientValidationError, create(options))
    checks.equal(`bad ${field}: named`, [error?.status, Object.keys(error?.errors ?? {})], [400, [field]])
  }
  const none = await checks.rejects('no address', RestClientError, create({ event: EVENTS[0] }))
  checks.equal('no address: message', none?.message, '[400 Bad Request] `target_url` is missing.')
  const unknown = await checks.rejects('unknown', RestClientError, update({ id: 2 ** 31 - 1, isActive: true }))
  checks.equal('unknown: message', unknown?.message, '[404 Not Found] Not found.')
}
