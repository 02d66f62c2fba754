// What browsers send and need: forms with Blobs and Files, several at once, a preflight, and readable answers.

import { png } from '../samples.mjs'
import { base, publicKey } from '../server.mjs'

const CROSS_ORIGIN = { Origin: 'https://app.example.test' }

export async function play(checks) {
  const form = new FormData()
  form.append('UPLOADCARE_PUB_KEY', publicKey)
  form.append('UPLOADCARE_STORE', '1')
  form.append('metadata[from]', 'a browser')
  form.append('picture', new Blob([png()], { type: 'image/png' }), 'blob.png')
  form.append('notes', new File(['text of a File'], 'заметки.txt', { type: 'text/plain' }))
  const response = await post(form, { ...CROSS_ORIGIN, 'X-UC-User-Agent': 'a browser' })
  const uuids = await response.json()
  checks.equal('a Blob and a File', [response.status, Object.keys(uuids).sort()], [200, ['notes', 'picture']])
  readable(checks, 'upload', response)

  const [picture, notes] = [await fileInfo(checks, uuids.picture), await fileInfo(checks, uuids.notes)]
  checks.equal('the Blob', [picture.original_filename, picture.mime_type], ['blob.png', 'image/png'])
  checks.equal('the File', [notes.original_filename, notes.mime_type], ['заметки.txt', 'text/plain'])
  checks.equal('both stored', [picture.is_stored, notes.is_stored], [true, true])
  checks.equal('metadata', [picture.metadata, notes.metadata], Array(2).fill({ from: 'a browser' }))
  await preflights(checks)
  await failures(checks)
}

async function fileInfo(checks, uuid) {
  const response = await fetch(`${base}/info/?pub_key=${publicKey}&file_id=${uuid}`, { headers: CROSS_ORIGIN })
  readable(checks, 'info', response)
  return response.json()
}

/** Every call carries X-UC-User-Agent, hence is preceded by a question whether it may. */
async function preflights(checks) {
  for (const [path, method] of [['/base/', 'POST'], ['/info/', 'GET']]) {
    const headers = {
      ...CROSS_ORIGIN,
      'Access-Control-Request-Method': method,
      'Access-Control-Request-Headers': 'x-uc-user-agent'
    }
    const what = `preflight of ${path}`
    const response = await fetch(`${base}${path}?jsonerrors=1`, { method: 'OPTIONS', headers, redirect: 'manual' })
    checks.holds(what, [200, 204].includes(response.status), response.status)
    readable(checks, what, response)
    const [methods, names] = ['methods', 'headers'].map((kind) => listed(response, `access-control-allow-${kind}`))
    checks.holds(`${what}: method`, methods.includes(method.toLowerCase()), methods)
    checks.holds(`${what}: header`, names.includes('x-uc-user-agent'), names)
  }
}

/** Scripts can read an error only if it comes as readable as a success: 200 when asked, with its status otherwise. */
async function failures(checks) {
  const bad = new FormData()
  bad.append('UPLOADCARE_PUB_KEY', 'nope')
  bad.append('file', new Blob(['x']), 'x.txt')
  const asked = await post(bad, CROSS_ORIGIN, '?jsonerrors=1')
  readable(checks, 'error', asked)
  const { error } = await asked.json()
  checks.equal('error as JSON', [asked.status, error.status_code], [200, 403])
  checks.equal('error as JSON: code', error.error_code, 'ProjectPublicKeyInvalidError')
  const plain = await post(bad, CROSS_ORIGIN)
  const seen = [plain.status, plain.headers.get('content-type'), await plain.text()]
  checks.equal('error as text', seen, [403, 'text/plain; charset=utf-8', 'UPLOADCARE_PUB_KEY is invalid.'])
  readable(checks, 'error as text', plain)
}

function post(form, headers, query = '') {
  return fetch(`${base}/base/${query}`, { method: 'POST', body: form, headers })
}

function readable(checks, what, response) {
  checks.equal(`${what}: any origin may read`, response.headers.get('access-control-allow-origin'), '*')
  const exposed = listed(response, 'access-control-expose-headers')
  checks.holds(`${what}: may read Retry-After`, exposed.includes('retry-after'), exposed)
}

function listed(response, name) {
  return (response.headers.get(name) ?? '').toLowerCase().split(/\s*,\s*/)
}
