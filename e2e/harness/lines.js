// A socket read in lines and in counted bytes, as SMTP and IMAP want it. Text is latin1: a byte stays a byte.

/** The other side has gone. */
export class Closed extends Error {}

export class LineSocket {
  #buffer = Buffer.alloc(0)
  #waiting = null
  #ended = false
  #error = null

  constructor(socket, { timeout = 20_000 } = {}) {
    this.socket = socket
    this.timeout = timeout
    socket.on('data', (bytes) => {
      this.#buffer = Buffer.concat([this.#buffer, bytes])
      this.#wake()
    })
    socket.on('error', (error) => {
      this.#error = error
      this.#wake()
    })
    socket.on('close', () => {
      this.#ended = true
      this.#wake()
    })
  }

  /** The next line without its line end. */
  async line() {
    const end = await this.#have(() => this.#buffer.indexOf('\n') + 1)
    return this.#take(end).toString('latin1').replace(/\r?\n$/, '')
  }

  /** Exactly `count` bytes. */
  async bytes(count) {
    if (count === 0) return Buffer.alloc(0)
    return this.#take(await this.#have(() => (this.#buffer.length >= count ? count : 0)))
  }

  /** Writes text (latin1) or bytes; resolves when the socket has taken them. */
  write(data) {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data
    return new Promise((resolve, reject) => this.socket.write(bytes, (error) => (error ? reject(error) : resolve())))
  }

  close() {
    this.socket.destroy()
  }

  #take(count) {
    const taken = this.#buffer.subarray(0, count)
    this.#buffer = this.#buffer.subarray(count)
    return taken
  }

  #wake() {
    const wake = this.#waiting
    this.#waiting = null
    wake?.()
  }

  async #have(count) {
    const end = Date.now() + this.timeout
    for (;;) {
      const found = count()
      if (found > 0) return found
      if (this.#ended) throw new Closed(`connection closed${this.#error ? `: ${this.#error.message}` : ''}`)
      const left = end - Date.now()
      if (left <= 0) throw new Error(`nothing came for ${this.timeout} ms; unread: ${JSON.stringify(this.#buffer.toString('latin1'))}`)
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, left)
        this.#waiting = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
}
