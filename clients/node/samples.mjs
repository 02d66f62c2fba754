// Small files made in code.

import { deflateSync } from 'node:zlib'

/** The bytes of a true-colour PNG of one colour. */
export function png(width = 3, height = 2, rgb = [200, 30, 30]) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const row = Buffer.from([0, ...Array(width).fill(rgb).flat()])
  const rows = Buffer.concat(Array(height).fill(row))
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', '')])
}

function chunk(kind, body) {
  const content = Buffer.concat([Buffer.from(kind), Buffer.from(body)])
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(content.length - 4, 0)
  ends.writeUInt32BE(checksum(content), 4)
  return Buffer.concat([ends.subarray(0, 4), content, ends.subarray(4)])
}

/** CRC-32, bit by bit. */
function checksum(bytes) {
  let sum = ~0
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return ~sum >>> 0
}
