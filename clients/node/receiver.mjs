// A webhook receiver on loopback: remembers every request whole and answers 200.

import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'

const WAIT_MILLISECONDS = 30_000

export class Receiver {
  deliveries = []
  #arrivals = new EventEmitter()
  #server = createServer((request, response) => this.#receive(request, response))

  async start() {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.url = `http://127.0.0.1:${this.#server.address().port}`
    return this
  }

  /** The deliveries to `path`, once they are `enough`; what there is, when that takes too long. */
  async wait(path, enough) {
    const deadline = AbortSignal.timeout(WAIT_MILLISECONDS)
    while (!enough(this.at(path)) && !deadline.aborted) {
      await once(this.#arrivals, 'arrived', { signal: deadline }).catch(() => {})
    }
    return this.at(path)
  }

  at(path) {
    return this.deliveries.filter((delivery) => delivery.path === path)
  }

  async #receive(request, response) {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const { method, url: path, headers } = request
    this.deliveries.push({ method, path, headers, body: Buffer.concat(chunks) })
    response.writeHead(200, { 'Content-Length': 0 }).end()
    this.#arrivals.emit('arrived')
  }
}
