// Files: info, the list page by page in both directions, storing and deleting one and many.

import {
  Paginator, deleteFile, deleteFiles, fileInfo, listOfFiles, paginate, storeFile, storeFiles
} from '@uploadcare/rest-client'
import { uploadFile } from '@uploadcare/upload-client'
import { png } from '../samples.mjs'
import { base, uploading } from '../server.mjs'

const UNKNOWN = '00000000-0000-4000-8000-000000000000'
const COUNT = 5

export async function play(checks, settings) {
  const uuids = []
  for (let n = 0; n < COUNT; n += 1) {
    const options = { ...uploading, fileName: `n${n}.png`, contentType: 'image/png', store: false }
    uuids.push((await uploadFile(png(n + 1, 1), options)).uuid)
  }
  await info(checks, settings, uuids[0])
  await pages(checks, settings, uuids)
  await one(checks, settings, uuids[0])
  await many(checks, settings, uuids.slice(1))
}

async function info(checks, settings, uuid) {
  const file = await fileInfo({ uuid }, settings)
  checks.equal('info', [file.uuid, file.originalFilename, file.mimeType], [uuid, 'n0.png', 'image/png'])
  checks.equal('info: url', file.url, `${base}/files/${uuid}/`)
  checks.matches('info: moment', file.datetimeUploaded, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  checks.equal('info: picture', [file.contentInfo.image.width, file.contentInfo.image.colorMode], [1, 'RGB'])
  checks.equal('info: nulls', [file.datetimeStored, file.datetimeRemoved, file.variations], [null, null, null])
  checks.equal('info: metadata and tags', [file.metadata, file.tags], [{}, []])
  checks.equal('info: no appdata unless asked', 'appdata' in file, false)
  const more = await fileInfo({ uuid, include: 'appdata' }, settings)
  checks.equal('info: appdata', more.appdata, {})
}

async function pages(checks, settings, uuids) {
  const newest = { ordering: '-datetime_uploaded', limit: 2 }
  const first = await listOfFiles(newest, settings)
  checks.equal('list: newest first', ids(first), uuids.slice(3).reverse())
  checks.equal('list: page', [first.perPage, first.previous], [2, null])
  const { removed, stored, unstored } = first.totals
  checks.equal('list: totals', [stored + unstored, removed >= 0], [first.total, true])

  const seen = []
  for await (const page of paginate(listOfFiles)(newest, settings)) {
    seen.push(...ids(page))
    if (seen.length >= COUNT) break
  }
  checks.equal('paginate', seen.slice(0, COUNT), [...uuids].reverse())

  const paginator = new Paginator(listOfFiles, newest, settings)
  const walked = [ids(await paginator.next()), ids(await paginator.next())]
  checks.equal('Paginator', walked, [uuids.slice(3).reverse(), uuids.slice(1, 3).reverse()])
  checks.equal('Paginator knows both ways', [paginator.hasNextPage(), paginator.hasPrevPage()], [true, true])
  await linked(checks, settings, paginator.getCurrentPage().previous, ids(first))

  const oldest = await fileInfo({ uuid: uuids[0] }, settings)
  const since = await listOfFiles({ from: new Date(oldest.datetimeUploaded), limit: 100 }, settings)
  checks.equal('list: from', ids(since).slice(-COUNT + 1), uuids.slice(1))
}

/** The client forgets `to` when it goes back, so the link itself is followed, with the client's own headers. */
async function linked(checks, settings, link, expected) {
  checks.holds('previous is on this server', link.startsWith(`${base}/files/?`), link)
  const url = new URL(link)
  const plain = new Headers({ 'Content-Type': 'application/json' })
  const request = { url: link, method: 'GET', headers: plain, text: async () => '' }
  const headers = await settings.authSchema.getHeaders(request)
  const page = await (await fetch(url, { headers: Object.fromEntries(headers.entries()) })).json()
  checks.equal('previous', ids(page), expected)
}

async function one(checks, settings, uuid) {
  const stored = await storeFile({ uuid }, settings)
  checks.holds('store', stored.datetimeStored, stored)
  const again = await storeFile({ uuid }, settings)
  checks.equal('store again', again.datetimeStored, stored.datetimeStored)
  const removed = await deleteFile({ uuid }, settings)
  checks.holds('delete', removed.datetimeRemoved && removed.datetimeStored === null, removed)
  checks.equal('deleted: original', removed.originalFileUrl, null)
  const restored = await storeFile({ uuid }, settings)
  checks.equal('stored after deletion', restored.datetimeRemoved, null)
}

async function many(checks, settings, uuids) {
  const asked = [uuids[1], UNKNOWN, uuids[0], 'nope']
  const problems = { [UNKNOWN]: 'Missing in the project', nope: 'Invalid' }
  const calls = [
    ['store', storeFiles, 'datetimeStored'],
    ['delete', deleteFiles, 'datetimeRemoved']
  ]
  for (const [what, call, moment] of calls) {
    const answer = await call({ uuids: asked }, settings)
    checks.equal(`${what} many`, [answer.status, answer.problems], ['ok', problems])
    checks.equal(`${what} many: by upload time`, answer.result.map((file) => file.uuid), uuids.slice(0, 2))
    checks.holds(`${what} many: done`, answer.result.every((file) => file[moment]), answer.result)
  }
}

function ids(page) {
  return page.results.map((file) => file.uuid)
}
