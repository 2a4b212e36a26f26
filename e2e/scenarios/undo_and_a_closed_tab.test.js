// UX-04: an answer is held for ten seconds by the server. Taken back near their end it never leaves; with its tab closed it leaves once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter } from '../harness/mail.js'
import { address, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

const SHOWN_MS = 9000 // as long as Undo is on offer: a second less than the mail is held

test('undo and a closed tab', async (t) => {
  const browser = await startBrowser(t)
  const { server, api, outside } = await openShop(t)
  const from = 'ewa@harbour.example'
  await sendMail(server.smtpPort, { from, to: address, data: letter({ from, to: address, subject: 'Sucha karma', text: 'Kiedy?' }) })
  const [{ id }] = await until('the mail', async () => {
    const list = await api.all('/conversations?view=all_open')
    return list.length && list
  })
  const replies = async () => (await api.all(`/conversations/${id}/messages`)).filter(({ kind }) => kind === 'reply')
  const open = async () => {
    const page = await signedIn(browser, server.url)
    await page.goto(`/c/${id}?view=all_open`)
    await page.getByRole('article').getByText('Kiedy?').waitFor()
    return page
  }
  const reply = (page) => page.getByRole('textbox', { name: 'Reply text' })

  await t.test('taken back as the offer ends, nothing leaves and the words are back', async () => {
    const page = await open()
    await reply(page).fill('Jutro.')
    await reply(page).press('Control+Enter')
    const undo = page.getByRole('button', { name: /^Undo/ })
    await undo.waitFor()
    await page.waitForTimeout(SHOWN_MS - 700)
    await undo.click()
    await until('the words to be back', async () => (await reply(page).textContent()) === 'Jutro.')
    await until('it to be taken back', async () => (await replies()).map(({ delivery }) => delivery.state).join() === 'cancelled')
    await page.waitForTimeout(4000) // past the end of the hold
    assert.equal(outside.mails.length, 0)
    await page.context().close()
  })

  await t.test('the tab is closed at five seconds: it leaves once', async () => {
    const page = await open()
    await reply(page).getByText('Jutro.').waitFor()
    await reply(page).press('Control+Enter')
    await page.getByRole('button', { name: /^Undo/ }).waitFor()
    await page.waitForTimeout(5000)
    await page.context().close()
    await outside.received(1, { within: 40_000 })
    await until('it to be told as sent', async () => ['sent', 'delivered'].includes((await replies()).at(-1).delivery.state))
    assert.equal(outside.mails.length, 1)
    assert.deepEqual((await replies()).map(({ text }) => text), ['Jutro.', 'Jutro.'])
  })
})
