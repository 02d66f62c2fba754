// Whether a delivery is what its signatures say: one checked with node:crypto alone, the other by its own package.

import { createHmac, timingSafeEqual } from 'node:crypto'
import { Webhook } from 'standardwebhooks'

/** One `v1=` and the hex of the HMAC over the raw body, compared whole. */
export function uploadcare(secret, { headers, body }) {
  const expected = Buffer.from(`v1=${createHmac('sha256', secret).update(body).digest('hex')}`)
  const given = Buffer.from(headers['x-uc-signature'] ?? '')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** The key is the secret's own bytes; the package wants them in base64. */
export function standard(secret, { headers, body }) {
  const verifier = new Webhook(`whsec_${Buffer.from(secret).toString('base64')}`)
  try {
    return verifier.verify(body, headers) !== undefined
  } catch {
    return false
  }
}
