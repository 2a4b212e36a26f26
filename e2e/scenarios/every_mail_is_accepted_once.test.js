// Every mail of the test data through the door of one running server: accepted once, accounted for, shown as it was parsed.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { dataFolder, filesBelow } from '../harness/data.js'
import { startRapport } from '../harness/rapport.js'
import { address, openInbox } from '../harness/shop.js'
import { dialSmtp } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

test('every mail under data/email is accepted exactly once and none is lost', async (t) => {
  const folder = dataFolder(t, 'email')
  if (!folder) return
  const server = await startRapport()
  t.after(() => server.close())
  const { api } = await server.setup()
  await openInbox(api)
  const mails = await Promise.all((await filesBelow(folder, ['.eml', '.txt', '.html'])).map(mailOf))
  assert.ok(mails.length > 400, `only ${mails.length} mails found`)

  await t.test('the door says 250 to each', async () => {
    const client = await dialSmtp(server.smtpPort)
    await client.expect(250, 'EHLO mx.peer.example')
    for (const { file, bytes } of mails) {
      await client.expect(250, 'MAIL FROM:<somebody@peer.example>')
      await client.expect(250, `RCPT TO:<${address}>`)
      const answer = await client.data(bytes)
      assert.equal(answer.code, 250, `${file}: ${answer.text}`)
    }
    await client.command('QUIT')
    client.close()
  })

  const receipts = await until('the last mail to be handled', async () => {
    const list = (await server.command('mail', 'list', '--json')).trim().split('\n').map((line) => JSON.parse(line))
    return list.every(({ state }) => state !== 'received') && list
  }, { within: 120_000, every: 250 })

  await t.test('accepted = applied + rejected + quarantined', async () => {
    const count = (wanted) => receipts.filter(({ state }) => state === wanted).length
    t.diagnostic(`${receipts.length} accepted: ${count('applied')} applied, ${count('rejected')} rejected, ${count('quarantined')} quarantined`)
    assert.equal(receipts.length, mails.length)
    assert.equal(count('applied') + count('rejected') + count('quarantined'), mails.length)
    assert.ok(count('quarantined') <= mails.length / 100)
    // The data holds some mails twice; nothing else is a reason to reject one.
    assert.deepEqual([...new Set(receipts.filter(({ state }) => state === 'rejected').map(({ reason }) => reason))], ['duplicate'])
    const { counters } = await api.get('/health')
    assert.deepEqual(counters, { accepted: mails.length, applied: count('applied'), rejected: count('rejected'), quarantined: count('quarantined'), in_flight: 0 })
  })

  // The door numbers mails as they come, and they came one by one.
  const parsed = await parse(server, mails)
  const inOrder = receipts.sort((a, b) => a.id - b.id).map((receipt, n) => ({ ...receipt, file: mails[n].file, parsed: parsed[n] }))
  const applied = inOrder.filter(({ state }) => state === 'applied')

  await t.test('what was rejected is there already', () => {
    const same = (a, b) => a.message_id === b.message_id && a.subject === b.subject && a.text === b.text && a.html === b.html
    for (const { file, parsed: twin } of inOrder.filter(({ state }) => state === 'rejected')) {
      assert.ok(applied.some((mail) => same(mail.parsed, twin)), `${file} was rejected and is nowhere else`)
    }
  })

  await t.test('the text shown is the text `mail parse` prints', async () => {
    const shown = await shownTexts(api)
    assert.deepEqual(applied.filter((mail) => shown.get(mail.id) !== mail.parsed.text).map(({ file }) => file), [])
  })
})

/** The bytes of a mail as they arrive; a body alone gets a header. */
async function mailOf(file) {
  const content = await readFile(file)
  const name = basename(file)
  const head = (type) =>
    `From: Somebody <somebody@peer.example>\r\nTo: ${address}\r\nSubject: ${name}\r\nMessage-ID: <${Buffer.from(name).toString('hex')}@peer.example>\r\n` +
    `Date: Mon, 02 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n`
  if (file.endsWith('.txt')) return { file, bytes: Buffer.concat([Buffer.from(head('text/plain')), content]) }
  if (file.endsWith('.html')) return { file, bytes: Buffer.concat([Buffer.from(head('text/html')), content]) }
  return { file, bytes: content }
}

/** What `rapport mail parse` makes of the bytes as SMTP carries them: lines end in CRLF, and the last line ends. */
async function parse(server, mails) {
  const folder = await mkdtemp(join(tmpdir(), 'rapport-mails-'))
  const files = mails.map((_, n) => join(folder, `${String(n).padStart(4, '0')}.eml`))
  try {
    for (const [n, { bytes }] of mails.entries()) await writeFile(files[n], overSmtp(bytes))
    const lines = (await server.command('mail', 'parse', '--json', ...files)).trim().split('\n')
    return lines.map((line) => JSON.parse(line))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function overSmtp(bytes) {
  const text = bytes.toString('latin1').replace(/\r*\n/g, '\r\n')
  return Buffer.from(text.endsWith('\r\n') ? text : `${text}\r\n`, 'latin1')
}

/** The text of each applied mail's message, by the number of the mail. */
async function shownTexts(api) {
  const applied = await api.all('/mails?state=applied&limit=100')
  const shown = new Map()
  for (const id of new Set(applied.map((mail) => mail.conversation_id))) {
    const messages = await api.all(`/conversations/${id}/messages?limit=100`)
    const inOrder = applied.filter((mail) => mail.conversation_id === id).map((mail) => mail.id).sort((a, b) => a - b)
    assert.equal(messages.length, inOrder.length, `conversation ${id}`)
    for (const [n, mail] of inOrder.entries()) shown.set(mail, messages[n].text)
  }
  return shown
}
