// Direct uploads by the client: names, types, metadata, the ways to store, and the info it polls for.

import { UploadClient, base as postFile, info, uploadFile } from '@uploadcare/upload-client'
import { png } from '../samples.mjs'
import { base, uploading } from '../server.mjs'

const client = new UploadClient(uploading)

export async function play(checks) {
  await picture(checks)
  await plain(checks)
  await storing(checks)
  await lowLevel(checks)
}

async function picture(checks) {
  const content = png(4, 3)
  const metadata = { album: 'море', 'sub.key': 'a & b' }
  const options = { fileName: 'old pier (2).png', contentType: 'image/png', metadata, store: true }
  const file = await client.uploadFile(content, options)

  checks.matches('uuid', file.uuid, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  checks.equal('name as sent', file.originalFilename, 'old pier (2).png')
  checks.equal('name made safe', file.name, 'oldpier2.png')
  checks.equal('size and type', [file.size, file.mimeType], [content.length, 'image/png'])
  checks.equal('stored', [file.isStored, file.isImage], [true, true])
  checks.equal('address on the CDN', file.cdnUrl, `${base}/${file.uuid}/`)
  checks.equal('no bucket', [file.s3Bucket, file.s3Url], [null, null])
  checks.equal('sniffed type', file.contentInfo.mime, { mime: 'image/png', type: 'image', subtype: 'png' })
  const { format, width, height, colorMode, sequence } = file.imageInfo
  checks.equal('probed', [format, width, height, colorMode, sequence], ['PNG', 4, 3, 'RGB', false])
  checks.equal('probed in content info too', file.contentInfo.image, file.imageInfo)
  checks.equal('no video', file.videoInfo, null)
  // The client camelizes metadata keys as well: `sub.key` comes out as `subKey`.
  checks.equal('metadata', file.metadata, { album: 'море', subKey: 'a & b' })
}

async function plain(checks) {
  const file = await uploadFile(Buffer.from('just text'), { ...uploading, fileName: 'улитка 猫.txt' })
  checks.equal('unicode name', file.originalFilename, 'улитка 猫.txt')
  checks.equal('default type', file.mimeType, 'application/octet-stream')
  checks.equal('no image', [file.isImage, file.imageInfo], [false, null])
  checks.equal('no metadata', file.metadata, {})
  const nameless = await uploadFile(Buffer.from('x'), uploading)
  checks.equal('default name', nameless.originalFilename, 'original')
}

async function storing(checks) {
  for (const [store, expected] of [[true, true], [false, false]]) {
    const file = await client.uploadFile(Buffer.from('s'), { store })
    checks.equal(`store ${store}`, file.isStored, expected)
  }
  const auto = await client.uploadFile(Buffer.from('s'), { store: 'auto' })
  const omitted = await client.uploadFile(Buffer.from('s'))
  checks.equal('store auto is the default', auto.isStored, omitted.isStored)
}

async function lowLevel(checks) {
  const progress = []
  const onProgress = (step) => progress.push(step.value)
  const { file: uuid } = await postFile(Buffer.from('low level'), { ...uploading, onProgress })
  const first = await info(uuid, uploading)
  checks.equal('info', [first.uuid, first.fileId, first.size, first.isReady], [uuid, uuid, 9, true])
  checks.equal('info: all has arrived', [first.done, first.total], [9, 9])
  checks.holds('progress goes to the end', progress.at(-1) >= 1, progress)
  const again = await client.uploadFile(uuid)
  checks.equal('an upload that is uploaded already', again.uuid, uuid)
}
