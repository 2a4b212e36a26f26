// An SMTP client that says exactly what a scenario wants said, so that rude and broken dialogues can be played too.
import { connect } from 'node:net'
import { LineSocket } from './lines.js'

/** Connects and reads the greeting. */
export async function dialSmtp(port, { host = '127.0.0.1' } = {}) {
  const socket = connect(port, host)
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const client = new SmtpClient(new LineSocket(socket))
  client.greeting = await client.reply()
  return client
}

/** Delivers one message as a well-behaved server would, and returns the answer to its data. */
export async function sendMail(port, { from, to, data, helo = 'mx.peer.example' }) {
  const client = await dialSmtp(port)
  try {
    await client.expect(250, `EHLO ${helo}`)
    await client.expect(250, `MAIL FROM:<${from}>`)
    for (const address of [to].flat()) await client.expect(250, `RCPT TO:<${address}>`)
    const answer = await client.data(data)
    if (answer.code !== 250) throw new Error(`message refused: ${answer.text}`)
    await client.command('QUIT')
    return answer
  } finally {
    client.close()
  }
}

class SmtpClient {
  constructor(lines) {
    this.lines = lines
  }

  /** Reads one reply, of however many lines: `{code, text, lines}`. */
  async reply() {
    const lines = []
    for (;;) {
      const line = await this.lines.line()
      lines.push(line.slice(4))
      if (line[3] !== '-') return { code: Number(line.slice(0, 3)), text: line, lines }
    }
  }

  /** Sends one line and reads the reply to it. */
  async command(line) {
    await this.lines.write(`${line}\r\n`)
    return this.reply()
  }

  /** Like `command`, but any other code is an error. */
  async expect(code, line) {
    const answer = await this.command(line)
    if (answer.code !== code) throw new Error(`${line}: wanted ${code}, got ${answer.text}`)
    return answer
  }

  /** DATA, the message with its dots doubled and its line ends made CRLF, and the reply after the final dot. */
  async data(message) {
    await this.expect(354, 'DATA')
    await this.lines.write(stuffed(message))
    return this.reply()
  }

  /** Writes bytes as they are, without waiting for anything. */
  raw = (bytes) => this.lines.write(bytes)

  /** Hangs up without QUIT. */
  close = () => this.lines.close()
}

function stuffed(message) {
  const text = (Buffer.isBuffer(message) ? message : Buffer.from(message, 'utf8')).toString('latin1')
  const body = text.replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..')
  return body.endsWith('\r\n') ? `${body}.\r\n` : `${body}\r\n.\r\n`
}
