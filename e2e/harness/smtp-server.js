// The customer's mail server: takes every message, keeps envelope and bytes, and refuses or falters when told to.
import { createServer } from 'node:net'
import { Closed, LineSocket } from './lines.js'
import { until } from './wait.js'

/**
 * Starts a capturing SMTP server that lets in whoever signs in. `answers` may hold a function per verb (`EHLO`, `AUTH`,
 * `MAIL`, `RCPT`, `DATA`, `END` for the answer after the data) that gets the line, or the captured mail for `END`, and
 * returns a reply such as `'451 4.3.0 later'`, `'drop'` to hang up, or nothing to go on as usual.
 */
export async function startSmtpServer({ answers = {}, port = 0 } = {}) {
  const open = new Set()
  const mails = []
  const capture = { answers, mails, sessions: 0 }
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    capture.sessions++
    serve(new LineSocket(socket, { timeout: 300_000 }), capture).catch((error) => {
      if (!(error instanceof Closed)) capture.error = error
      socket.destroy()
    })
  })
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))

  return Object.assign(capture, {
    port: server.address().port,
    /** Waits for `count` mails, or for the first that `which` accepts, and returns the last of them or that one. */
    received: (which = 1, options) =>
      until(typeof which === 'number' ? `${which} mails` : 'a mail', () =>
        typeof which === 'number' ? mails.length >= which && mails[which - 1] : mails.find(which), options),
    close: () => {
      for (const socket of open) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    },
  })
}

async function serve(lines, capture) {
  let mail = null
  const say = (reply) => lines.write(`${reply}\r\n`)
  const answer = async (verb, given, usual) => {
    const reply = capture.answers[verb]?.(given) ?? usual
    if (reply === 'drop') throw new Closed('hung up as told')
    await say(reply)
    return /^[23]/.test(reply)
  }

  await say('220 capture.peer.example ESMTP')
  for (;;) {
    const line = await lines.line()
    const verb = line.split(/[ :]/, 1)[0].toUpperCase()
    switch (verb) {
      case 'EHLO':
        await answer(verb, line, '250-capture.peer.example\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250-AUTH PLAIN\r\n250 SIZE 104857600')
        break
      case 'AUTH':
        await answer(verb, line, '235 2.7.0 welcome')
        break
      case 'MAIL':
        if (await answer(verb, line, '250 2.1.0 ok')) mail = { from: address(line), to: [], arguments: line }
        break
      case 'RCPT':
        if (!mail) await say('503 5.5.1 MAIL first')
        else if (await answer(verb, line, '250 2.1.5 ok')) mail.to.push(address(line))
        break
      case 'DATA': {
        if (!mail?.to.length) await say('503 5.5.1 RCPT first')
        else if (await answer(verb, line, '354 go ahead')) {
          mail.raw = await message(lines)
          mail.data = mail.raw.toString('utf8')
          // A mail counts as received only when we have said so.
          if (await answer('END', mail, '250 2.0.0 taken')) capture.mails.push(mail)
          mail = null
        }
        break
      }
      case 'RSET':
        mail = null
        await say('250 2.0.0 ok')
        break
      case 'QUIT':
        await say('221 2.0.0 bye')
        lines.socket.end()
        return
      default:
        await answer(verb, line, verb === 'HELO' || verb === 'NOOP' ? '250 capture.peer.example' : '502 5.5.1 not here')
    }
  }
}

async function message(lines) {
  const read = []
  for (;;) {
    const line = await lines.line()
    if (line === '.') return Buffer.from(read.map((each) => `${each}\r\n`).join(''), 'latin1')
    read.push(line.startsWith('.') ? line.slice(1) : line)
  }
}

const address = (line) => Buffer.from(line.match(/<([^>]*)>/)?.[1] ?? '', 'latin1').toString('utf8')
