// Refusals: wrong keys, unknown files, and the media type of every kind of answer.

import { RestClientError, fileInfo, listOfFiles, storeFile } from '@uploadcare/rest-client'
import { base, publicKey, resting, secretKey } from '../server.mjs'

const UNKNOWN = '00000000-0000-4000-8000-000000000000'
const MEDIA_TYPE = 'application/vnd.uploadcare-v0.7+json'
const WRONG_SECRET = {
  signed: '[401 Unauthorized] Invalid signature. Please check your Secret key.',
  simple: '[401 Unauthorized] Incorrect authentication credentials.'
}

export async function play(checks, settings, scheme) {
  const wrong = resting(scheme, { secretKey: '0'.repeat(20) })
  const stranger = resting(scheme, { publicKey: 'f'.repeat(20) })
  const cases = {
    'unknown file': [() => fileInfo({ uuid: UNKNOWN }, settings), '[404 Not Found] Not found.'],
    'an id that is none': [() => fileInfo({ uuid: 'nope' }, settings), '[404 Not Found] Not found.'],
    'storing an unknown file': [() => storeFile({ uuid: UNKNOWN }, settings), '[404 Not Found] Not found.'],
    'wrong secret': [() => listOfFiles({}, wrong), WRONG_SECRET[scheme]],
    'unknown key': [() => listOfFiles({}, stranger), `[401 Unauthorized] Public key ${'f'.repeat(20)} not found.`]
  }
  for (const [what, [act, message]] of Object.entries(cases)) {
    const error = await checks.rejects(what, RestClientError, act)
    checks.equal(`${what}: message`, error?.message, message)
  }
  const from = await checks.rejects('a bad moment', RestClientError, () => listOfFiles({ from: 'soon' }, settings))
  checks.equal('a bad moment: status', from?.status, 400)
  await mediaTypes(checks)
}

/** Byte for byte: a charset behind it would make the client forget what the answer says. */
async function mediaTypes(checks) {
  const authorized = { Authorization: `Uploadcare.Simple ${publicKey}:${secretKey}` }
  const calls = {
    'a list': ['/files/?limit=1', { ...authorized, Accept: MEDIA_TYPE }, 200],
    'not found': [`/files/${UNKNOWN}/`, { ...authorized, Accept: MEDIA_TYPE }, 404],
    'not authorized': ['/files/', { Accept: MEDIA_TYPE }, 401],
    'any type': ['/project/', { ...authorized, Accept: '*/*' }, 200],
    'not acceptable': ['/project/', { ...authorized, Accept: 'application/vnd.uploadcare-v9.9+json' }, 406]
  }
  for (const [what, [path, headers, status]] of Object.entries(calls)) {
    const response = await fetch(`${base}${path}`, { headers, redirect: 'manual' })
    checks.equal(`${what}: status`, response.status, status)
    const type = response.headers.get('content-type')
    // An unknown version cannot be echoed: either of the two types that the client reads will do.
    if (status === 406 && type === 'application/json') continue
    checks.equal(`${what}: media type`, type, MEDIA_TYPE)
  }
}
