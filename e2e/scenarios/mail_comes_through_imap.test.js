// A company's mailbox on a real IMAP server: each mail comes in once, whatever happens to the server, and nothing is written there.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startDovecot } from '../harness/dovecot.js'
import { letter, newMessageId } from '../harness/mail.js'
import { startRapport } from '../harness/rapport.js'
import { address, openInbox, signedIn, startBrowser } from '../harness/shop.js'
import { until } from '../harness/wait.js'

const from = 'Ewa Wójcik <ewa@harbour.example>'
const mail = (subject, text = subject) => letter({ from, to: address, subject, text, id: newMessageId() })

test('mail is fetched once over IMAP through every trouble', async (t) => {
  const browser = await startBrowser(t)
  const dovecot = await startDovecot()
  t.after(() => dovecot.close())
  const server = await startRapport()
  t.after(() => server.close())
  const { api } = await server.setup()
  const { id } = await openInbox(api, { imap: dovecot.settings })
  const inbox = () => api.get(`/inboxes/${id}`)
  const subjects = async () => (await api.all('/conversations?view=all_open')).map(({ subject }) => subject).sort()
  const wanted = []
  /** Waits until exactly the mails of `wanted` have become conversations; if they never do, says where they are. */
  const allThere = async () => {
    await until(`${wanted.length} conversations`, async () => (await subjects()).length >= wanted.length, { within: 60_000 }).catch(async (error) => {
      const { counters } = await api.get('/health')
      throw new Error(`${JSON.stringify(counters)} ${JSON.stringify(await inbox())}\n${server.log()}\n${dovecot.log()}`, { cause: error })
    })
    assert.deepEqual(await subjects(), [...wanted].sort())
  }
  const arrives = async (subject, options) => {
    wanted.push(subject)
    await dovecot.append(mail(subject), options)
  }

  await until('the first look into the mailbox', async () => (await inbox()).last_fetch_at)
  const page = await signedIn(browser, server.url)
  await page.goto('/?view=unassigned')
  await page.getByRole('heading', { name: 'Unassigned' }).waitFor()

  await t.test('new mail appears on the open screen', async () => {
    await arrives('Sucha karma dla Burka', { flags: '\\Flagged' })
    await page.getByRole('button', { name: '1 new' }).click()
    await page.getByRole('option', { name: /Sucha karma dla Burka/ }).waitFor()
    await arrives('사료는 언제 오나요', { flags: '\\Seen' })
    await allThere()
  })

  await t.test('the same mail twice is one message', async () => {
    const twice = mail('Twice')
    wanted.push('Twice')
    await dovecot.append(twice)
    await dovecot.append(twice)
    const { items } = await until('both copies to be handled', async () => {
      const list = await api.get('/mails')
      return list.items.length === 4 && list.items.every(({ state }) => state !== 'received') && list
    })
    assert.deepEqual(items.map(({ state, reason }) => `${state} ${reason}`.trim()).sort(), ['applied', 'applied', 'applied', 'rejected duplicate'])
    await allThere()
  })

  await t.test('a mailbox that is down is told in words, and read on when it is back', async () => {
    await dovecot.stop()
    const words = `Fetching mail does not work: 127.0.0.1 refuses connections on port ${dovecot.port}.`
    await until('the trouble', async () => {
      const now = await inbox()
      return now.state === 'trouble' && now.state_message.startsWith(words)
    }, { within: 60_000 })
    const check = (await api.get('/health')).checks.find(({ key }) => key === 'mailboxes')
    assert.equal(check.state, 'failed')
    assert.ok(check.message.includes(words), check.message)
    await page.goto('/settings/inboxes')
    await page.getByText(/refuses connections on port/).waitFor()
    await dovecot.start()
    await arrives('While you were away')
    await allThere()
    await until('the trouble to be over', async () => (await inbox()).state === 'ok')
    await page.getByText(/refuses connections on port/).waitFor({ state: 'detached' })
  })

  await t.test('mail numbered anew is not mail anew', async () => {
    await dovecot.renumber()
    await arrives('After the move')
    await allThere()
  })

  await t.test('a server killed while it fetches fetches each once', async () => {
    for (let n = 0; n < 30; n++) await arrives(`Order ${n}`)
    await until('some of them', async () => (await subjects()).length > 8)
    await server.kill()
    for (let n = 30; n < 40; n++) await arrives(`Order ${n}`)
    await server.start()
    await allThere()
  })

  await t.test('nothing was written to the mailbox', async () => {
    const { messages } = await dovecot.look()
    assert.equal(messages.length, wanted.length + 1) // one came twice
    for (const { raw, flags } of messages) {
      const own = flags.filter((flag) => flag !== '\\Recent')
      const text = raw.toString('utf8')
      const set = text.includes('Burka') ? ['\\Flagged'] : text.includes(Buffer.from('사료는').toString('base64').slice(0, 8)) ? ['\\Seen'] : []
      assert.deepEqual(own, set, text)
    }
  })
})

test('mail that was there before stays out', async (t) => {
  const dovecot = await startDovecot()
  t.after(() => dovecot.close())
  const server = await startRapport()
  t.after(() => server.close())
  const { api } = await server.setup()
  const lastWeek = new Date(Date.now() - 7 * 86_400_000)
  await dovecot.append(mail('Long answered'), { date: lastWeek })
  const { id } = await openInbox(api, { imap: dovecot.settings })
  await until('the first look into the mailbox', async () => (await api.get(`/inboxes/${id}`)).last_fetch_at)
  const subjects = async () => (await api.all('/conversations?view=all_open')).map(({ subject }) => subject).sort()

  await t.test('when the inbox is connected', async () => {
    await dovecot.append(mail('First'))
    await until('the new mail', async () => (await subjects()).length)
    assert.deepEqual(await subjects(), ['First'])
  })

  await t.test('and when the server numbers its mails anew', async () => {
    await dovecot.renumber()
    await dovecot.append(mail('Second'))
    await until('the new mail', async () => (await subjects()).includes('Second'))
    assert.deepEqual(await subjects(), ['First', 'Second'])
  })
})
