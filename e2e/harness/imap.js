// A small IMAP client over a raw socket: commands out, lines and literals in. It is our second opinion on a mailbox.
import { connect } from 'node:net'
import { LineSocket } from './lines.js'

/** Connects and signs in. */
export async function dialImap(port, { user, password }) {
  const socket = connect(port, '127.0.0.1')
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const client = new Imap(new LineSocket(socket))
  await client.lines.line()
  await client.command(`LOGIN ${quoted(user)} ${quoted(password)}`)
  return client
}

class Imap {
  #tag = 0

  constructor(lines) {
    this.lines = lines
  }

  /**
   * Sends one command and returns its untagged responses as `{line, literals}`; anything but OK is an error. With a
   * `literal` the command ends in it, and its bytes follow when the server asks for them.
   */
  async command(text, literal) {
    const tag = `a${++this.#tag}`
    await this.lines.write(literal ? `${tag} ${text} {${literal.length}}\r\n` : `${tag} ${text}\r\n`)
    const responses = []
    for (;;) {
      const response = await this.#response()
      if (response.line.startsWith('+')) {
        await this.lines.write(Buffer.concat([literal, Buffer.from('\r\n')]))
      } else if (response.line.startsWith(`${tag} `)) {
        if (!response.line.startsWith(`${tag} OK`)) throw new Error(`${text}: ${response.line}`)
        return Object.assign(responses, { done: response.line })
      } else {
        responses.push(response)
      }
    }
  }

  /** Opens a mailbox: `{exists, uidvalidity, uidnext}`. */
  async select(mailbox) {
    const all = (await this.command(`SELECT ${quoted(mailbox)}`)).map(({ line }) => line).join('\n')
    const number = (pattern) => Number(all.match(pattern)?.[1] ?? 0)
    return {
      exists: number(/\* (\d+) EXISTS/),
      uidvalidity: number(/UIDVALIDITY (\d+)/),
      uidnext: number(/UIDNEXT (\d+)/),
    }
  }

  /** Puts a message at the end of a mailbox, as one that came at `date`. */
  append(mailbox, message, flags = '', date = new Date()) {
    const [, day, month, year, time] = date.toUTCString().split(' ')
    return this.command(`APPEND ${quoted(mailbox)} (${flags}) "${day}-${month}-${year} ${time} +0000"`, Buffer.from(message))
  }

  /** The messages of the selected mailbox: `{uid, flags, raw}`, without marking them as read. */
  async messages(set = '1:*') {
    const responses = await this.command(`UID FETCH ${set} (UID FLAGS BODY.PEEK[])`)
    return responses
      .filter(({ line }) => / FETCH /.test(line))
      .map(({ line, literals }) => ({
        uid: Number(line.match(/UID (\d+)/)[1]),
        flags: line.match(/FLAGS \(([^)]*)\)/)[1].split(' ').filter(Boolean),
        raw: literals[0],
      }))
  }

  close() {
    this.lines.close()
  }

  async #response() {
    let line = ''
    const literals = []
    for (;;) {
      line += await this.lines.line()
      const size = line.match(/\{(\d+)\}$/)
      if (!size) return { line, literals }
      literals.push(await this.lines.bytes(Number(size[1])))
    }
  }
}

const quoted = (text) => `"${text.replace(/["\\]/g, '\\$&')}"`
