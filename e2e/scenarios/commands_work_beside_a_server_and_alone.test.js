// Every command gives the same answer beside a running server and with none, and a killed server loses nothing it accepted.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { Api } from '../harness/api.js'
import { letter } from '../harness/mail.js'
import { owner, startRapport } from '../harness/rapport.js'
import { address, openInbox, openShop } from '../harness/shop.js'
import { dialSmtp, sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

test('each command answers the same with the server running and stopped', async (t) => {
  const { server, api } = await openShop(t)
  await sendMail(server.smtpPort, { from: 'ewa@harbour.example', to: address, data: letter({ from: 'ewa@harbour.example', to: address, subject: 'Sucha karma', text: 'Kiedy?' }) })
  await sendMail(server.smtpPort, { from: 'bomb@harbour.example', to: address, data: `${'X-Line: 1\r\n'.repeat(12_000)}\r\nbomb` })
  await until('both mails to be handled', async () => (await mails(server)).map(({ state }) => state).sort().join() === 'applied,quarantined')
  const [conversation] = await api.all('/conversations?view=all_open')
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  await api.post(`/conversations/${conversation.id}/messages`, { kind: 'reply', text: 'Tomorrow.', send_at: tomorrow })
  const file = join(server.data, 'letter.eml')
  await writeFile(file, letter({ from: 'ewa@harbour.example', to: address, subject: '안녕', text: 'Cześć', id: '<1@harbour.example>', date: new Date(0) }))
  const unknown = '999999999'

  const calls = [
    ['version'], ['help'], ['openapi'],
    ['mail', 'list'], ['mail', 'list', '--json'], ['mail', 'list', '--state', 'quarantined'], ['mail', 'list', '--limit', '1', '--json'],
    ['mail', 'parse', '--json', file],
    ['queue', 'list'], ['queue', 'list', '--json'], ['queue', 'list', '--state', 'dead'],
    ['user', 'reset-password', '--email', owner.email, '--password', 'the-cat-eats-at-eight'],
    ['token', 'create', '--email', owner.email],
    // Mistakes are told the same way too.
    ['mail', 'replay', unknown], ['mail', 'replay'], ['mail', 'list', '--state', 'lost'], ['queue', 'retry', unknown], ['queue', 'drop', 'x'],
    ['token', 'create', '--email', 'nobody@miska.example'], ['user', 'reset-password', '--email', owner.email, '--password', 'short'],
    ['setup', '--workspace', 'Another', '--email', 'b@miska.example', '--password', 'the-dog-eats-at-nine'], ['no-such-command'],
  ]
  const answers = async () => {
    const all = []
    for (const call of calls) all.push({ call: call.join(' '), ...(await server.attempt(...call)) })
    return all
  }
  const beside = await answers()
  await server.stop()
  const alone = await answers()
  const secret = (answer) => ({ ...answer, out: answer.out.replace(/rap_\w+/, 'rap_…') })
  for (const [n, answer] of beside.entries()) assert.deepEqual(secret(alone[n]), secret(answer))
  const codes = Object.fromEntries(beside.map(({ call, code }) => [call, code]))
  assert.equal(codes['mail list'], 0)
  assert.equal(codes[`mail replay ${unknown}`], 1)
  assert.equal(codes['mail replay'], 2)
  assert.equal(codes['no-such-command'], 2)
  assert.notEqual(beside.find(({ call }) => call === 'queue list').out, '')

  await t.test('a replay asked for while it was stopped happens after the start', async () => {
    const asked = await server.command('mail', 'replay', '--quarantined')
    assert.match(asked, /will be handled again/)
    assert.deepEqual((await mails(server)).map(({ state }) => state).sort(), ['applied', 'received'])
    await server.start()
    await until('the mail back in quarantine', async () => (await mails(server)).some(({ state }) => state === 'quarantined'))
    assert.equal(await server.command('mail', 'replay', '--quarantined'), asked)
    await until('the mail back in quarantine', async () => (await mails(server)).every(({ state }) => state !== 'received'))
  })

  await t.test('tokens made both ways work, and so does the new password', async () => {
    for (const list of [beside, alone]) {
      const token = list.find(({ call }) => call.startsWith('token create')).out.trim()
      assert.equal((await new Api(server.url, token).get('/me')).agent.email, owner.email)
    }
    const nobody = new Api(server.url)
    await assert.rejects(nobody.post('/session', { email: owner.email, password: owner.password }), { status: 401 })
    await nobody.post('/session', { email: owner.email, password: 'the-cat-eats-at-eight' })
  })
})

test('setup works beside a server and before the first start', async (t) => {
  const server = await startRapport()
  t.after(() => server.close())
  const beside = await server.setup()
  assert.equal((await beside.api.get('/me')).workspace.name, owner.workspace)

  const other = await startRapport()
  t.after(() => other.close())
  await other.stop()
  const alone = await other.setup()
  await other.start()
  assert.equal((await alone.api.get('/me')).workspace.name, owner.workspace)
  assert.deepEqual(Object.keys(alone).sort(), Object.keys(beside).sort())
})

test('a second server on the same folder is refused and told by whom', async (t) => {
  const server = await startRapport()
  t.after(() => server.close())
  const { code, err } = await server.attempt('serve', '--listen', '127.0.0.1:0', '--smtp-listen', '')
  assert.equal(code, 1)
  assert.match(err, new RegExp(`in use by process ${server.pid} \\(rapport serve\\)`))
  assert.equal((await fetch(`${server.url}/readyz`)).status, 200)
})

test('after a kill everything that was accepted is there', async (t) => {
  const server = await startRapport()
  t.after(() => server.close())
  await openInbox((await server.setup()).api)
  const letters = Array.from({ length: 200 }, (_, n) => ({
    subject: `Order ${n}`, data: letter({ from: `customer${n}@harbour.example`, to: address, subject: `Order ${n}`, text: `Where is order ${n}?` }),
  }))
  const accepted = new Set()
  const waiting = [...letters]
  const connection = async () => {
    const client = await dialSmtp(server.smtpPort)
    try {
      await client.expect(250, 'EHLO mx.peer.example')
      for (let next; (next = waiting.shift()); ) await deliver(client, next, accepted)
    } catch {
      // The server has gone; what it had not accepted comes again below, as from any mail server.
    } finally {
      client.close()
    }
  }
  const connections = Array.from({ length: 8 }, connection)
  await until('half of the mails to be accepted', () => accepted.size >= 80, { every: 1 })
  await server.kill()
  await Promise.all(connections)
  assert.ok(accepted.size < 200, 'the server was killed too late')
  t.diagnostic(`killed after ${accepted.size} of 200 mails`)

  await server.start()
  const there = (await mails(server)).map(({ subject, id }) => ({ subject, id }))
  const handled = await until('the accepted mails to be applied', async () => {
    const list = await mails(server)
    return list.every(({ state }) => state === 'applied') && list
  })
  assert.equal(handled.length, there.length)
  const subjects = handled.map(({ subject }) => subject)
  assert.equal(new Set(subjects).size, subjects.length, 'a mail was applied twice')
  for (const subject of accepted) assert.ok(subjects.includes(subject), `${subject} was accepted and is gone`)

  const client = await dialSmtp(server.smtpPort)
  t.after(client.close)
  await client.expect(250, 'EHLO mx.peer.example')
  for (const each of letters.filter(({ subject }) => !accepted.has(subject))) await deliver(client, each, accepted)
  await until('all 200 to be applied', async () => {
    const list = await mails(server)
    return list.every(({ state }) => state !== 'received') && list.filter(({ state }) => state === 'applied').length === 200
  })
})

async function deliver(client, { subject, data }, accepted) {
  await client.expect(250, 'MAIL FROM:<somebody@harbour.example>')
  await client.expect(250, `RCPT TO:<${address}>`)
  if ((await client.data(data)).code === 250) accepted.add(subject)
}

async function mails(server) {
  const printed = (await server.command('mail', 'list', '--json')).trim()
  return printed ? printed.split('\n').map((line) => JSON.parse(line)) : []
}
