// A reply and a note being written stay apart, and are there after a reload, a restart of the server and on another machine.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter } from '../harness/mail.js'
import { address, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

test('drafts survive', async (t) => {
  const browser = await startBrowser(t)
  const { server, api, outside } = await openShop(t)
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
  await t.test('a note goes out alone and leaves the reply', async () => {
    await note().press('Control+Enter')
    await page.getByRole('article', { name: /^Note by/ }).getByText('Ask the vet first.').waitFor()
    await until('only the reply to be kept', async () => (await api.all('/drafts')).map(({ text }) => text).join() === 'Jutro rano, 내일 아침.')
    assert.equal(outside.mails.length, 0)
  })
})
