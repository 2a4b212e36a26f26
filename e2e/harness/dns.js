// A name server that knows what it was told, over UDP: TXT and MX records, and nothing else exists.
import { createSocket } from 'node:dgram'

const types = { TXT: 16, MX: 15 }

/** Starts it; `zone` maps "TXT name" to texts and "MX name" to servers, and may be changed at any time. */
export async function startDns(zone = {}) {
  const socket = createSocket('udp4')
  socket.on('message', (question, from) => socket.send(answer(question, zone), from.port, from.address))
  await new Promise((resolve, reject) => socket.once('error', reject).bind(0, '127.0.0.1', resolve))
  const { port } = socket.address()
  return { zone, address: `127.0.0.1:${port}`, close: () => new Promise((resolve) => socket.close(resolve)) }
}

function answer(question, zone) {
  const { name, type, end } = asked(question)
  const kind = Object.keys(types).find((key) => types[key] === type)
  const records = zone[`${kind} ${name}`] ?? []
  const exists = Object.keys(zone).some((key) => key.endsWith(` ${name}`))
  const head = Buffer.from(question.subarray(0, 12))
  head.writeUInt16BE(exists ? 0x8580 : 0x8583, 2) // an answer with authority; 3: no such name
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(records.length, 6)
  head.writeUInt32BE(0, 8)
  return Buffer.concat([head, question.subarray(12, end), ...records.map((record) => resource(type, kind === 'TXT' ? texts(record) : mailServer(record)))])
}

function asked(question) {
  const labels = []
  let at = 12
  while (question[at]) {
    labels.push(question.toString('latin1', at + 1, at + 1 + question[at]))
    at += question[at] + 1
  }
  return { name: labels.join('.').toLowerCase(), type: question.readUInt16BE(at + 1), end: at + 5 }
}

function resource(type, data) {
  const head = Buffer.alloc(12)
  head.writeUInt16BE(0xc00c, 0) // the name that was asked for
  head.writeUInt16BE(type, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

const texts = (text) => Buffer.concat((text.match(/.{1,255}/gs) ?? ['']).map((part) => Buffer.concat([Buffer.from([part.length]), Buffer.from(part, 'latin1')])))
const mailServer = (host) => Buffer.concat([Buffer.from([0, 10]), ...host.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')])), Buffer.from([0])])
