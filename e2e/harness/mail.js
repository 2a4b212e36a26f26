// Mails as people's programs write them, and a second opinion on the mails we write.
import { randomUUID } from 'node:crypto'

/** Writes one mail: `to` and `cc` as they stand in the header, `headers` for more, `files` as `{name, type, content}`. */
export function letter({ from, to, subject, text, id = newMessageId(), date = new Date(), headers = {}, files = [] }) {
  const fields = {
    From: from, To: to, Subject: encoded(subject), Date: date.toUTCString().replace('GMT', '+0000'), 'Message-ID': id,
    'MIME-Version': '1.0', ...headers,
  }
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}`)
  const body = `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${text.replace(/\r?\n/g, '\r\n')}\r\n`
  if (files.length === 0) return `${head.join('\r\n')}\r\n${body}`
  const parts = [body, ...files.map(filePart)].map((part) => `--parts-of-a-letter\r\n${part}`)
  return `${head.join('\r\n')}\r\nContent-Type: multipart/mixed; boundary="parts-of-a-letter"\r\n\r\n${parts.join('')}--parts-of-a-letter--\r\n`
}

/** A Message-ID that no other mail has. */
export const newMessageId = () => `<${randomUUID()}@harbour.example>`

function filePart({ name, type, content }) {
  const base64 = Buffer.from(content).toString('base64').replace(/(.{76})/g, '$1\r\n')
  return `Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename*=utf-8''${encodeURIComponent(name)}\r\n\r\n${base64}\r\n`
}

const encoded = (text) => (/^[ -~]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`)

/** Reads a mail of ours: `header(name)` unfolded and decoded, `parts` as `{type, text}`; no more of MIME than we write. */
export function readMail(raw) {
  const [head, body] = cut(raw)
  const header = headerOf(head)
  const boundary = header('content-type')?.match(/^multipart\/.*boundary="?([^";]+)/is)?.[1]
  if (!boundary) return { header, parts: [{ type: header('content-type')?.split(';')[0] ?? 'text/plain', text: decoded(header, body) }] }
  const inner = body.split(`--${boundary}`).slice(1, -1).map((part) => readMail(part.replace(/^\r\n/, '')))
  return { header, parts: inner.flatMap((mail) => mail.parts) }
}

function cut(raw) {
  const end = raw.indexOf('\r\n\r\n')
  return end < 0 ? [raw, ''] : [raw.slice(0, end), raw.slice(end + 4)]
}

function headerOf(head) {
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  const fields = new Map(lines.map((line) => [line.split(':', 1)[0].toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]))
  return (name) => (fields.has(name.toLowerCase()) ? words(fields.get(name.toLowerCase())) : null)
}

function words(text) {
  return text
    .replace(/(=\?[^?]+\?[bq]\?[^?]*\?=)\s+(?==\?)/gi, '$1')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, way, code) =>
      way.toLowerCase() === 'b' ? Buffer.from(code, 'base64').toString('utf8') : unquoted(code.replaceAll('_', ' ')))
}

function decoded(header, body) {
  const way = header('content-transfer-encoding')?.toLowerCase()
  if (way === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  return way === 'quoted-printable' ? unquoted(body.replace(/=\r\n/g, '')) : body
}

function unquoted(text) {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
