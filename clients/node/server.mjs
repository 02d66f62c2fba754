// The server under test, as its environment describes it, and the settings with which the clients speak to it.

import { UploadcareAuthSchema, UploadcareSimpleAuthSchema } from '@uploadcare/rest-client'

const NAMES = ['BOATHOOK_BASE', 'BOATHOOK_PUBLIC_KEY', 'BOATHOOK_SECRET_KEY', 'BOATHOOK_PROJECT_ID']
const missing = NAMES.filter((name) => !process.env[name])
if (missing.length > 0) {
  console.error(`not set: ${missing.join(', ')} (clients/run sets them)`)
  process.exit(1)
}

export const base = process.env.BOATHOOK_BASE.replace(/\/+$/, '')
export const publicKey = process.env.BOATHOOK_PUBLIC_KEY
export const secretKey = process.env.BOATHOOK_SECRET_KEY

export const uploading = { publicKey, baseURL: base, baseCDN: base }

export const SCHEMES = { simple: UploadcareSimpleAuthSchema, signed: UploadcareAuthSchema }

/** Settings for every call of the REST client; without retries, so that an error is an error. */
export function resting(scheme, keys = {}) {
  const authSchema = new SCHEMES[scheme]({ publicKey, secretKey, ...keys })
  return { authSchema, apiBaseURL: `${base}/`, retryNetworkErrorMaxTimes: 0, retryThrottledRequestMaxTimes: 0 }
}

/** A call to the uc v1 API with the project's secret key; answers the `data` of its answer. */
export async function uc(method, path, body) {
  const response = await fetch(`${base}/api/v1/projects/${publicKey}/${path}.json`, {
    method,
    headers: { Authorization: `Bearer ${secretKey}`, 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body)
  })
  if (response.status !== 200) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return (await response.json()).data
}
