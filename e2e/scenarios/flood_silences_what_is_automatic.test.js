// Twenty mails in a moment: nothing automatic leaves there any more, everybody sees it, and a teammate ends it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { screenshot } from '../harness/browser.js'
import { letter, readMail } from '../harness/mail.js'
import { address, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

const ewa = 'ewa@harbour.example'

test('a flood silences what is automatic', async (t) => {
  const browser = await startBrowser(t)
  const shop = await openShop(t)
  await write(shop, address, 'Where is my parcel?')
  const { id } = await until('the conversation', async () => (await shop.api.all('/conversations'))[0])
  await shop.api.post(`/conversations/${id}/messages`, { kind: 'reply', text: 'It is on its way.' })
  const sent = await shop.outside.received(1, { within: 60_000 })
  const back = readMail(sent.data).header('reply-to').match(/<([^>]+)>/)[1]
  const page = await signedIn(browser, shop.server.url)
  await page.goto(`/c/${id}`)
  await page.getByText('It is on its way.').waitFor()
  const banner = page.getByRole('status').filter({ hasText: 'Automatic mail is off here until' })
  assert.equal(await banner.count(), 0)

  for (let n = 2; n <= 20; n++) await write(shop, back, `Not here yet, says mail ${n}.`)
  await banner.getByText('20 mails came within 10 minutes.').waitFor({ timeout: 60_000 })
  const told = await shop.outside.received(2, { within: 60_000 })
  assert.match(readMail(told.data).header('subject'), /Automatic mail was switched off for a conversation/)
  assert.deepEqual(told.to, ['hanna@miska.example'])

  await write(shop, address, 'A question about something else') // in a conversation of its own
  const other = await until('another conversation', async () => (await shop.api.all('/conversations')).find((each) => each.id !== id))
  await page.goto(`/c/${other.id}`)
  await banner.getByText('20 mails came from this customer within 10 minutes, in another conversation.').waitFor()
  await screenshot(page, 'silence/elsewhere')
  await banner.getByRole('button', { name: 'Switch on again' }).click()
  await banner.waitFor({ state: 'detached' })
  await page.goto(`/c/${id}`)
  await page.getByText('It is on its way.').waitFor()
  assert.equal(await banner.count(), 0)
  await page.getByText('automatic mail was switched off').first().waitFor()
  assert.deepEqual(page.faults, [])
})

const write = (shop, to, text) => sendMail(shop.server.smtpPort, { from: ewa, to, data: letter({ from: `Ewa Marsh <${ewa}>`, to, subject: 'My parcel', text }) })
