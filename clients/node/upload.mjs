// @uploadcare/upload-client against the Upload API: direct uploads, what they answer, and how they are refused.
//
// In Node the client takes Buffers only (its form library knows no Blob), so Blobs and Files go through the platform's
// own FormData, which sends what a browser sends; the CORS answers that a browser needs are looked at in the same way.

import { Checks } from './checks.mjs'
import { play as inBrowsers } from './upload/browsers.mjs'
import { play as direct } from './upload/direct.mjs'
import { play as refused } from './upload/refused.mjs'

const checks = new Checks()
await checks.scene('direct', () => direct(checks))
await checks.scene('browsers', () => inBrowsers(checks))
await checks.scene('refused', () => refused(checks))
checks.finish()
