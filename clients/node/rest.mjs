// @uploadcare/rest-client against the REST API, in both of its authentication schemes.
//
// The client throws on an answer whose Content-Type is not, byte for byte, one of two: every call here checks that too.

import { Checks } from './checks.mjs'
import { play as files } from './rest/files.mjs'
import { play as metadata } from './rest/metadata.mjs'
import { play as refused } from './rest/refused.mjs'
import { play as webhooks } from './rest/webhooks.mjs'
import { SCHEMES, resting } from './server.mjs'

const checks = new Checks()
for (const scheme of Object.keys(SCHEMES)) {
  const settings = resting(scheme)
  await checks.scene(`${scheme} files`, () => files(checks, settings))
  await checks.scene(`${scheme} metadata`, () => metadata(checks, settings))
  await checks.scene(`${scheme} webhooks`, () => webhooks(checks, settings))
  await checks.scene(`${scheme} refused`, () => refused(checks, settings, scheme))
}
checks.finish()
