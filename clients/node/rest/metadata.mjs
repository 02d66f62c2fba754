// A file's metadata, key by key.

import {
  RestClientError, deleteMetadata, fileInfo, getMetadata, getMetadataValue, updateMetadata
} from '@uploadcare/rest-client'
import { uploadFile } from '@uploadcare/upload-client'
import { uploading } from '../server.mjs'

export async function play(checks, settings) {
  const { uuid } = await uploadFile(Buffer.from('m'), { ...uploading, metadata: { first_key: '1' } })
  checks.equal('all, from the upload', await getMetadata({ uuid }, settings), { first_key: '1' })
  const value = 'snow ☃ "quoted" <&>'
  checks.equal('a new key', await updateMetadata({ uuid, key: 'sub.key:a-b_C9', value }, settings), value)
  checks.equal('an existing key', await updateMetadata({ uuid, key: 'first_key', value: '2' }, settings), '2')
  checks.equal('one key', await getMetadataValue({ uuid, key: 'sub.key:a-b_C9' }, settings), value)
  const all = { first_key: '2', 'sub.key:a-b_C9': value }
  checks.equal('all', await getMetadata({ uuid }, settings), all)
  checks.equal('in the file', (await fileInfo({ uuid }, settings)).metadata, all)

  await deleteMetadata({ uuid, key: 'first_key' }, settings)
  checks.equal('after deletion', await getMetadata({ uuid }, settings), { 'sub.key:a-b_C9': value })
  for (const [what, call] of Object.entries({ reading: getMetadataValue, deleting: deleteMetadata })) {
    const act = () => call({ uuid, key: 'first_key' }, settings)
    const error = await checks.rejects(`${what} a deleted key`, RestClientError, act)
    checks.equal(`${what} a deleted key: message`, error?.message, '[404 Not Found] Not found.')
  }
  // For "" the client sends no body at all.
  const bad = { 'no value': ['a', ''], 'a value of 513': ['a', 'v'.repeat(513)], 'a key of 65': ['k'.repeat(65), 'v'] }
  for (const [what, [key, value]] of Object.entries(bad)) {
    const error = await checks.rejects(what, RestClientError, () => updateMetadata({ uuid, key, value }, settings))
    checks.holds(`${what}: status`, [400, 404].includes(error?.status), error?.status)
  }
}
