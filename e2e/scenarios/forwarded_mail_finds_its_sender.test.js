// A teammate forwards a customer's mail into the inbox: who wrote it is proposed, becomes the customer once somebody says so,
// and gets the answer.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { screenshot } from '../harness/browser.js'
import { letter, readMail } from '../harness/mail.js'
import { address, hire, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

const ewa = 'ewa@harbour.example'
const text = `Please take this one, she is angry.

---------- Forwarded message ---------
From: Ewa Marsh <${ewa}>
Date: Fri, Nov 20, 2026 at 10:00 AM
Subject: Leash
To: <jan@miska.example>

The leash broke after one day.`

test('who wrote a forwarded mail becomes the customer once confirmed', async (t) => {
  const browser = await startBrowser(t)
  const shop = await openShop(t)
  const jan = await hire(shop.server, shop.api, { name: 'Jan', email: 'jan@miska.example', inboxes: [shop.inbox] })
  const data = letter({ from: `Jan <${jan.email}>`, to: address, subject: 'Fwd: Leash', text })
  await sendMail(shop.server.smtpPort, { from: jan.email, to: address, data })
  const { id } = await until('the conversation', async () => (await shop.api.all('/conversations'))[0])
  const page = await signedIn(browser, shop.server.url)
  await page.goto(`/c/${id}`)
  const question = page.getByText(`Jan forwarded this. The original is from Ewa Marsh <${ewa}>. Make them the customer?`)

  await t.test('until then the teammate is the customer, and Ewa is only a question', async () => {
    await question.waitFor()
    await page.getByRole('group', { name: 'To', exact: true }).getByText('Jan').waitFor()
    await screenshot(page, 'original/proposed')
    assert.deepEqual(await shop.api.all(`/contacts?q=${ewa}`), [])
  })

  await t.test('once confirmed the answer goes to Ewa alone, without the words for the team', async () => {
    await page.getByRole('button', { name: 'Make customer' }).press('Enter')
    await page.getByText('made the original sender the customer').waitFor()
    await question.waitFor({ state: 'detached' })
    await page.getByRole('group', { name: 'To', exact: true }).getByText('Ewa Marsh').waitFor()
    await screenshot(page, 'original/taken')
    await page.getByRole('textbox', { name: 'Reply text' }).fill('A new leash is on its way.')
    await page.keyboard.press('Control+Enter')
    const sent = await shop.outside.received(2, { within: 30_000 }) // after the invitation
    assert.deepEqual(sent.to, [ewa])
    const mail = readMail(sent.data)
    assert.equal(mail.header('subject'), 'Re: Leash')
    assert.ok(!sent.data.includes('angry'))
  })

  await t.test('a declined one stays with the teammate', async () => {
    const again = letter({ from: `Jan <${jan.email}>`, to: address, subject: 'Fwd: Leash again', text })
    await sendMail(shop.server.smtpPort, { from: jan.email, to: address, data: again })
    const other = await until('the second conversation', async () => (await shop.api.all('/conversations')).find((each) => each.id !== id))
    await page.goto(`/c/${other.id}`)
    await page.getByRole('button', { name: 'Leave as it is' }).click()
    await question.waitFor({ state: 'detached' })
    await page.getByText('declined to make the original sender the customer').waitFor()
    await screenshot(page, 'original/declined')
    assert.equal((await shop.api.get(`/conversations/${other.id}`)).contact.address, jan.email)
  })

  await t.test('who writes meanwhile goes on writing', async () => {
    const third = letter({ from: `Jan <${jan.email}>`, to: address, subject: 'Fwd: Leash, third', text })
    await sendMail(shop.server.smtpPort, { from: jan.email, to: address, data: third })
    const { id: newest } = await until('the third conversation', async () => (await shop.api.all('/conversations')).find((each) => each.subject === 'Fwd: Leash, third'))
    await page.goto(`/c/${newest}`)
    const box = page.getByRole('textbox', { name: 'Reply text' })
    await box.fill('A new leash')
    await shop.api.post(`/conversations/${newest}/original`, {}) // somebody else, elsewhere
    await page.getByRole('group', { name: 'To', exact: true }).getByText('Ewa Marsh').waitFor()
    await page.keyboard.type(' is here')
    assert.equal(await box.innerText(), 'A new leash is here')
    const invitation = page.getByText('Reply to Ewa…').or(page.locator('[data-placeholder="Reply to Ewa…"]')).first()
    await until('the empty reply to be for Ewa', async () => {
      await box.fill('')
      await invitation.waitFor({ timeout: 3000 }).catch(() => {})
      return invitation.isVisible()
    })
  })
  assert.deepEqual(page.faults, [])
})
