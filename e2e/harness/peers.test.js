// The harness proves itself before anything else leans on it; none of this needs the product.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sendMail, dialSmtp } from './smtp-client.js'
import { startSmtpServer } from './smtp-server.js'
import { startDovecot } from './dovecot.js'

const letter = 'From: Ewa <ewa@harbour.example>\r\nSubject: Burek\r\n\r\n.He eats again.\r\nDziękuję, 감사합니다\r\n'

test('a mail sent is captured byte for byte', async (t) => {
  const server = await startSmtpServer()
  t.after(server.close)
  await sendMail(server.port, { from: 'ewa@harbour.example', to: ['hello@miska.example', 'vets@miska.example'], data: letter })
  const mail = await server.received()
  assert.equal(mail.from, 'ewa@harbour.example')
  assert.deepEqual(mail.to, ['hello@miska.example', 'vets@miska.example'])
  assert.equal(mail.data, letter)
})

test('the capture server refuses, falters and hangs up when told to', async (t) => {
  const server = await startSmtpServer({ answers: { RCPT: (line) => (line.includes('gone@') ? '550 5.1.1 no such dog' : null) } })
  t.after(server.close)
  const client = await dialSmtp(server.port)
  t.after(client.close)
  await client.expect(250, 'EHLO peer.example')
  await client.expect(250, 'MAIL FROM:<a@peer.example>')
  assert.equal((await client.command('RCPT TO:<gone@miska.example>')).code, 550)
  await client.expect(250, 'RCPT TO:<here@miska.example>')

  server.answers.END = () => '451 4.3.0 later'
  assert.equal((await client.data('Subject: x\n\ny')).code, 451)
  assert.equal(server.mails.length, 0)

  server.answers.MAIL = () => 'drop'
  await assert.rejects(client.command('MAIL FROM:<a@peer.example>'), /connection closed/)
})

test('dovecot keeps mail over a restart and can renumber its mailbox', async (t) => {
  const dovecot = await startDovecot()
  t.after(() => dovecot.close())
  await dovecot.append(letter)
  await dovecot.append(letter.replace('Burek', 'Luna'), { flags: '\\Seen' })

  const first = await dovecot.look()
  assert.deepEqual(first.messages.map(({ uid }) => uid), [1, 2])
  assert.equal(first.messages[0].raw.toString('utf8'), letter)
  assert.ok(first.messages[1].flags.includes('\\Seen'))

  await dovecot.stop()
  await assert.rejects(dovecot.dial())
  await dovecot.start()
  assert.equal((await dovecot.look()).uidvalidity, first.uidvalidity)

  const renumbered = await dovecot.renumber()
  assert.notEqual(renumbered, first.uidvalidity)
  assert.equal((await dovecot.look()).exists, 2)

  await dovecot.create('Returns')
  assert.equal((await dovecot.look('Returns')).exists, 0)
})
