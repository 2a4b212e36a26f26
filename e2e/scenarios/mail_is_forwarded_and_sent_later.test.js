// What leaves by choice: an answer to all or to one, a forward to somebody outside, a mail that waits for its time.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter, readMail } from '../harness/mail.js'
import { address, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

const ewa = 'ewa@harbour.example'
const sowa = 'sowa@lapa-vet.example'
const courier = 'lost@courier.example'

test('a mail is answered to all, passed on to a courier, and answered later', async (t) => {
  const browser = await startBrowser(t)
  const shop = await openShop(t)
  await write(shop, ewa, { from: `Ewa Marsh <${ewa}>`, to: address, subject: 'The bowl', text: 'Where is the bowl?', headers: { Cc: sowa }, files: [{ name: 'label.txt', type: 'text/plain', content: 'M-20418' }] })
  const { id } = await until('the conversation', async () => (await shop.api.all('/conversations'))[0])
  const page = await signedIn(browser, shop.server.url)
  await page.goto(`/c/${id}`)
  const box = page.getByRole('textbox', { name: 'Reply text' })
  await box.waitFor()

  await t.test('to all or to one is chosen, and seen before it is sent', async () => {
    await page.getByRole('radio', { name: 'Reply to all (2)' }).and(page.locator('[aria-checked="true"]')).waitFor()
    await page.getByText(sowa).first().waitFor()
    await page.getByRole('radio', { name: 'Reply', exact: true }).last().click()
    await page.getByRole('group', { name: 'Cc' }).waitFor({ state: 'detached' })
    await page.getByRole('radio', { name: 'Reply to all (2)' }).click()
    await box.fill('Dear {{customer.first_name|friend}}, I ask.')
    await page.keyboard.press('Control+Enter')
    await page.locator('.delivery').getByText('Sent', { exact: true }).waitFor({ timeout: 30_000 })
    const sent = await shop.outside.received(1, { within: 30_000 })
    assert.deepEqual([...sent.to].sort(), [ewa, sowa])
    assert.ok(readMail(sent.data).parts[0].text.startsWith('Dear Ewa, I ask.'))
  })

  let forward
  await t.test('the courier gets the mail with its file, and nobody sees the blind copy', async () => {
    const mail = page.getByRole('article', { name: 'Message by Ewa Marsh' })
    await mail.hover()
    await mail.getByRole('button', { name: 'Message actions' }).click()
    await page.getByRole('menuitem', { name: 'Forward' }).click()
    const dialog = page.getByRole('dialog', { name: 'Forward' })
    await dialog.getByRole('textbox', { name: 'Add to To' }).fill(courier)
    await page.keyboard.press('Enter')
    await dialog.getByRole('button', { name: 'Bcc' }).click()
    await dialog.getByRole('textbox', { name: 'Add to Bcc' }).fill('boss@miska2.example')
    await page.keyboard.press('Enter')
    await dialog.getByRole('textbox', { name: 'A word of your own' }).fill('Please look.')
    await dialog.getByText('label.txt').waitFor()
    await dialog.getByRole('button', { name: 'Forward' }).click()
    await page.getByText(`Forwarded to ${courier}`).first().waitFor()
    const sent = await shop.outside.received(2, { within: 30_000 })
    forward = readMail(sent.data)
    assert.deepEqual([...sent.to].sort(), ['boss@miska2.example', courier])
    assert.ok(!sent.data.includes('boss@miska2.example'))
    assert.equal(forward.header('subject'), 'Fwd: The bowl')
    assert.equal(forward.header('references'), null)
    const [{ text }] = forward.parts
    assert.ok(text.startsWith('Please look.') && text.includes('Forwarded message') && text.includes('Where is the bowl?'), text)
    assert.ok(sent.data.includes('label.txt'))
  })

  await t.test('the courier\'s answer comes back as from somebody new, and the next reply is for the customer', async () => {
    const replyTo = forward.header('reply-to').match(/<([^>]+)>/)[1]
    await write(shop, courier, { from: courier, to: replyTo, subject: 'Re: Fwd: The bowl', text: 'We have lost it.' }, replyTo)
    await page.getByRole('article', { name: `Message by ${courier}` }).getByText('We have lost it.').waitFor()
    const answer = (await shop.api.all(`/conversations/${id}/messages`)).at(-1)
    assert.ok(answer.flags.includes('unverified_sender'))
    await page.reload()
    await box.waitFor()
    await page.getByRole('group', { name: 'To', exact: true }).getByText('Ewa Marsh').waitFor()
    assert.equal(await page.locator('.recipients').getByText(courier).count(), 0)
    await page.waitForTimeout(2500) // what has just come counts as seen after a while only
  })

  await t.test('a mail for tomorrow waits in the outbox, and goes when it is told to', async () => {
    await box.fill('It is lost, sorry.')
    await page.getByRole('button', { name: 'Other ways to send' }).click()
    await page.getByRole('menuitem', { name: /^Tomorrow morning/ }).click()
    await page.getByRole('button', { name: 'Another time' }).waitFor()
    assert.equal(shop.outside.mails.length, 2)
    await page.goto('/outbox')
    await page.getByText('It is lost, sorry.').waitFor()
    await page.getByRole('button', { name: 'Send now' }).click()
    await page.getByRole('heading', { name: 'Nothing waits' }).waitFor({ timeout: 30_000 })
    const sent = await shop.outside.received(3, { within: 30_000 })
    assert.ok(readMail(sent.data).parts[0].text.startsWith('It is lost, sorry.'))
    assert.ok(!sent.data.includes('We have lost it'), 'the customer read what the courier wrote')
  })
  assert.deepEqual(page.faults, [])
})

function write(shop, envelope, mail, to = address) {
  return sendMail(shop.server.smtpPort, { from: envelope, to, data: letter(mail) })
}
