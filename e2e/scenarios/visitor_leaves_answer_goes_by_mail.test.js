// A visitor gives an address and leaves. What is answered then goes by mail, once and together; the answer to that mail comes
// back into the same conversation, and stands in the chat when the visitor is there again.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPage } from '../harness/browser.js'
import { letter, readMail } from '../harness/mail.js'
import { address, openShop, startBrowser } from '../harness/shop.js'
import { openChat, openNewest, openSite, shown, write } from '../harness/site.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

// The two minutes for which an answer waits to be seen are real ones here.
const patience = { within: 240_000, every: 250 }

test('a visitor leaves and the answer goes by mail', { timeout: 290_000 }, async (t) => {
  const browser = await startBrowser(t)
  const { server, api, inbox: mailbox, outside } = await openShop(t)
  const inbox = await api.post('/inboxes', { name: 'Chat on miska.example', channel: 'chat', chat: { mail_inbox_id: mailbox.id } })
  const site = await openSite(t, { house: server.url, key: inbox.chat.site_key })
  await api.patch(`/inboxes/${inbox.id}`, { chat: { allowed_origins: [site.url] } })
  const leaver = await openPage(browser, site.url)
  const stayer = await openPage(browser, site.url)

  for (const [page, email, text] of [[leaver, 'ewa@harbour.example', 'My parcel is torn. I have to go.'], [stayer, 'tom@barlow.example', 'I am staying right here.']]) {
    await page.goto('/')
    await openChat(page)
    await page.getByRole('button', { name: 'Send us a message' }).click()
    await write(page, text)
    await page.getByLabel('If you leave, where should the answer go?').fill(email)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText(`We will write to ${email} if you are gone`).waitFor()
  }
  const conversations = await until('both conversations', async () => {
    const all = await api.all('/conversations')
    return all.length === 2 && Object.fromEntries(all.map((each) => [each.subject, each]))
  })
  const { id } = conversations['My parcel is torn. I have to go.']
  const other = conversations['I am staying right here.'].id
  const state = await leaver.context().storageState()
  await leaver.context().close()

  await t.test('what is answered to who left goes by mail, in one; what was seen never does', async () => {
    await api.post(`/conversations/${id}/messages`, { kind: 'note', text: 'The third torn one this week.' })
    await api.post(`/conversations/${id}/messages`, { kind: 'reply', text: 'We are sorry! A new parcel leaves today.' })
    await api.post(`/conversations/${id}/messages`, { kind: 'reply', text: 'You need not send the torn one back.' })
    await api.post(`/conversations/${other}/messages`, { kind: 'reply', text: 'And we are here with you.' })
    await stayer.locator('.b').filter({ hasText: 'And we are here with you.' }).waitFor()
    const mail = await outside.received(1, patience)
    assert.deepEqual(mail.to, ['ewa@harbour.example'])
    assert.equal(mail.from, address)
    const { parts } = readMail(mail.data)
    for (const { text } of parts) {
      assert.match(text, /A new parcel leaves today[\s\S]*You need not send the torn one back/)
      assert.doesNotMatch(text, /third torn one|right here/)
    }
  })

  await t.test('the answer to the mail comes back into the conversation', async () => {
    const mail = readMail(outside.mails[0].data)
    const replyTo = mail.header('reply-to').match(/<([^>]+)>/)[1]
    assert.match(replyTo, /^hello\+r[a-z2-7]{20,}@miska\.example$/)
    await sendMail(server.smtpPort, {
      from: 'ewa@harbour.example', to: replyTo,
      data: letter({ from: 'Ewa <ewa@harbour.example>', to: replyTo, subject: `Re: ${mail.header('subject')}`, text: 'Thank you, that is kind.', headers: { 'In-Reply-To': mail.header('message-id') } }),
    })
    const message = await until('the mail in the conversation', async () => (await api.all(`/conversations/${id}/messages`)).find(({ text }) => text.includes('Thank you, that is kind.')))
    assert.equal(message.author.kind, 'contact')
    assert.equal((await api.all('/conversations')).length, 2)
  })

  await t.test('the visitor who comes back sees it all, in order', async () => {
    const back = await openPage(browser, site.url, { storageState: state })
    await back.goto('/')
    await openNewest(back)
    const all = await until('all messages', async () => {
      const seen = await shown(back)
      return seen.length === 4 && seen
    })
    assert.deepEqual(all.map(({ mine }) => mine), [true, false, false, true])
    assert.deepEqual(all.slice(0, 3).map(({ text }) => text), ['My parcel is torn. I have to go.', 'We are sorry! A new parcel leaves today.', 'You need not send the torn one back.'])
    // The address was only typed: whoever sits here need not be its owner, and does not read what the owner wrote by mail.
    assert.equal(all[3].text, 'This was answered by e-mail.')
    const kept = (await api.all(`/conversations/${id}/messages`)).filter(({ kind }) => kind !== 'note')
    assert.deepEqual(all.map((each) => each.id), kept.map((each) => each.id))
    assert.equal(outside.mails.length, 1)
    assert.deepEqual(back.faults, [])
    assert.deepEqual(stayer.faults, [])
  })
})
