// Refusals as the client reports them: the sentence and the code of each.

import { UploadError, base as postFile, info } from '@uploadcare/upload-client'
import { uploading } from '../server.mjs'

const UNKNOWN = '00000000-0000-4000-8000-000000000000'

export async function play(checks) {
  const stranger = { ...uploading, publicKey: 'f'.repeat(20) }
  const nobody = { ...uploading, publicKey: '' }
  const cases = {
    'upload, wrong key': [() => post(stranger), 'ProjectPublicKeyInvalidError', 'UPLOADCARE_PUB_KEY is invalid.'],
    'upload, no key': [() => post(nobody), 'ProjectPublicKeyRequiredError', 'UPLOADCARE_PUB_KEY is required.'],
    'info, wrong key': [() => info(UNKNOWN, stranger), 'ProjectPublicKeyInvalidError', 'pub_key is invalid.'],
    'info, no key': [() => info(UNKNOWN, nobody), 'ProjectPublicKeyRequiredError', 'pub_key is required.'],
    'info, unknown file': [() => info(UNKNOWN, uploading), 'FileNotFoundError', 'File is not found.'],
    'info, no file': [() => info('', uploading), 'FileIdRequiredError', 'file_id is required.'],
    'info, an id that is none': [() => info('nope', uploading), 'FileIdInvalidError', 'file_id is invalid.'],
    ...metadata()
  }
  for (const [what, [act, code, message]] of Object.entries(cases)) {
    const error = await checks.rejects(what, UploadError, act)
    checks.equal(`${what}: code`, error?.code, code)
    checks.equal(`${what}: message`, error?.message, message)
  }
}

function metadata() {
  const long = 'k'.repeat(65)
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`key${n}`, 'v']))
  return {
    'metadata, a forbidden key': [
      () => post({ ...uploading, metadata: { 'a b': '1' } }),
      'FileMetadataKeyForbiddenError',
      "File's metadata key `a b` contains symbols not allowed by the metadata key format."
    ],
    'metadata, an empty value': [
      () => post({ ...uploading, metadata: { a: '' } }),
      'FileMetadataValueEmptyError',
      'Value of the file metadata key `a` can not be empty.'
    ],
    'metadata, a long value': [
      () => post({ ...uploading, metadata: { a: 'v'.repeat(513) } }),
      'FileMetadataValueLengthTooBigError',
      "Value of file metadata's key `a` can not be more than 512 symbols in length."
    ],
    'metadata, too many': [
      () => post({ ...uploading, metadata: many }),
      'FileMetadataKeysNumberTooBigError',
      'A file can not have more than 50 metadata keys.'
    ],
    'metadata, a long key': [
      () => longKey(long),
      'FileMetadataKeyLengthTooBigError',
      'can not be more than 64 symbols.'
    ]
  }
}

/** The key is shown shortened, how far is not known: only the end of the sentence is compared. */
async function longKey(key) {
  try {
    return await post({ ...uploading, metadata: { [key]: '1' } })
  } catch (error) {
    error.message = error.message.slice(error.message.indexOf('can not be'))
    throw error
  }
}

function post(options) {
  return postFile(Buffer.from('refused'), options)
}
