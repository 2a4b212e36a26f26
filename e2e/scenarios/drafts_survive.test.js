// A reply and a note being written stay apart, and are there after a reload, a restart of the server and on another machine.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter } from '../harness/mail.js'
import { address, hire, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

test('drafts survive', async (t) => {
  const browser = await startBrowser(t)
  const { server, api, inbox, outside } = await openShop(t)
  const from = 'ewa@harbour.example'
  await sendMail(server.smtpPort, { from, to: address, data: letter({ from, to: address, subject: 'Sucha karma', text: 'Kiedy?' }) })
  const [{ id }] = await until('the mail', async () => {
    const list = await api.all('/conversations?view=all_open')
    return list.length && list
  })
  const page = await signedIn(browser, server.url)
  await page.goto(`/c/${id}?view=unassigned`)
  const reply = (at = page) => at.getByRole('textbox', { name: 'Reply text' })
  const note = (at = page) => at.getByRole('textbox', { name: 'Note text' })
  const toNote = (at = page) => at.getByRole('radio', { name: 'Note' }).click()
  const both = async (at) => {
    await reply(at).getByText('Jutro rano, 내일 아침.').waitFor()
    await toNote(at)
    await note(at).getByText('Ask the vet first.').waitFor()
  }

  await t.test('reply and note are kept apart', async () => {
    await reply().fill('Jutro rano, 내일 아침.')
    await page.getByText('Draft saved').waitFor()
    await toNote()
    assert.equal(await note().textContent(), '')
    await note().fill('Ask the vet first.')
    await page.getByText('Draft saved').waitFor()
    await page.getByRole('option', { name: /Sucha karma/ }).getByText('Draft').waitFor()
  })
  await t.test('they survive a reload', async () => {
    await page.reload()
    await both(page)
  })
  await t.test('they survive a restart of the server', async () => {
    await server.stop()
    await server.start()
    await page.reload()
    await both(page)
  })
  await t.test('they are there on another machine', async () => {
    const elsewhere = await signedIn(browser, server.url)
    await elsewhere.goto(`/c/${id}?view=unassigned`)
    await both(elsewhere)
    await elsewhere.context().close()
  })
  await t.test('a teammate sees that there is a draft, and reads it only once it is shared', async () => {
    const piotr = await hire(server, api, { name: 'Piotr Wilk', email: 'piotr@miska.example', inboxes: [inbox] })
    const his = await signedIn(browser, server.url, piotr)
    await his.goto(`/c/${id}?view=all_open`)
    await his.locator('.drafting', { hasText: 'is drafting' }).waitFor()
    assert.equal(await his.getByText('Jutro rano').count(), 0)
    await page.getByRole('radio', { name: 'Reply' }).click()
    await page.getByRole('button', { name: 'Versions of the draft' }).click()
    await page.getByRole('switch', { name: 'Let teammates read this draft' }).click()
    await until('it to be shared', async () => (await piotr.api.all(`/conversations/${id}/drafts`)).some(({ shared }) => shared))
    await page.keyboard.press('Escape')
    await his.reload()
    await his.getByRole('button', { name: /is drafting/ }).click()
    await his.getByText('Jutro rano, 내일 아침.').waitFor()
    await his.context().close()
  })
  await t.test('what was cut away is brought back', async () => {
    await reply().fill('A long answer that says everything there is to say about dry food, and some more.')
    await page.getByText('Draft saved').waitFor()
    await until('it to be kept', async () => (await api.all(`/conversations/${id}/drafts/reply/versions`))[0].text.startsWith('A long answer'))
    await reply().fill('Oops')
    await until('the loss to be kept, too', async () => (await api.all('/drafts')).some(({ text }) => text === 'Oops'))
    await page.getByRole('button', { name: 'Versions of the draft' }).click()
    await page.getByRole('dialog').getByRole('option', { name: /^A long answer/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Bring back' }).click()
    await until('it to be back', async () => (await reply().textContent()).startsWith('A long answer'))
    await reply().fill('Jutro rano, 내일 아침.')
    await until('the reply as before', async () => (await api.all('/drafts')).some(({ text }) => text === 'Jutro rano, 내일 아침.'))
    await toNote()
  })
  await t.test('a note goes out alone and leaves the reply', async () => {
    const before = outside.mails.length // the invitation
    await note().press('Control+Enter')
    await page.getByRole('article', { name: /^Note by/ }).getByText('Ask the vet first.').waitFor()
    await until('only the reply to be kept', async () => (await api.all('/drafts')).map(({ text }) => text).join() === 'Jutro rano, 내일 아침.')
    assert.equal(outside.mails.length, before)
  })
})
