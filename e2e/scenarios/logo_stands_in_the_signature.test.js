// A logo is put into the signature of an inbox, is seen as it will leave, leaves in every answer once, and does not grow with the quotes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter, readMail } from '../harness/mail.js'
import { address, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

const ewa = 'ewa@harbour.example'

test('a logo stands in the signature', async (t) => {
  const browser = await startBrowser(t)
  const shop = await openShop(t)
  const inbox = (await shop.api.all('/inboxes'))[0]
  await sendMail(shop.server.smtpPort, { from: ewa, to: address, data: letter({ from: `Ewa Marsh <${ewa}>`, to: address, subject: 'The bowl', text: 'Is it blue?' }) })
  const { id } = await until('the conversation', async () => (await shop.api.all('/conversations'))[0])
  const page = await signedIn(browser, shop.server.url)

  await t.test('it is put into the signature, with words for those who cannot see it', async () => {
    await page.goto(`/settings/inboxes/${inbox.id}`)
    const box = page.getByRole('textbox', { name: 'Signature' })
    await box.click()
    await paste(page, 'logo.png', 240)
    const picture = box.getByRole('img', { name: 'image: logo.png' })
    await shows(picture, 240)
    await page.keyboard.type('Good wishes, {{customer.first_name|friend}}')
    await picture.click()
    await page.getByRole('textbox', { name: 'What the picture says to those who cannot see it' }).fill('{{inbox.name}}')
    await page.getByRole('combobox', { name: 'Width of the picture' }).selectOption('120')
    const preview = page.frameLocator('iframe[title="What a customer gets"]')
    await shows(preview.getByRole('img', { name: inbox.name, exact: true }), 240)
    await preview.getByText('Good wishes, Ewa').waitFor()
    await page.getByRole('radio', { name: 'No name' }).click()
    await preview.getByText('Good wishes, friend').waitFor()
  })

  await t.test('what is too large or no picture is refused in a sentence', async () => {
    await page.getByRole('textbox', { name: 'Signature' }).focus()
    await pasteFile(page, new Array(3).fill('x').join(''), 'notes.txt', 'text/plain')
    await page.getByRole('alert').filter({ hasText: 'Only pictures of at most 1 MB' }).waitFor()
  })

  await t.test('it is kept', async () => {
    await page.getByRole('button', { name: 'Save template and signature' }).click()
    await page.getByText('Saved', { exact: true }).first().waitFor()
    await page.reload()
    await shows(page.getByRole('textbox', { name: 'Signature' }).getByRole('img', { name: '{{inbox.name}}' }), 240)
    assert.equal((await shop.api.get(`/inboxes/${inbox.id}`)).signature, 'Good wishes, {{customer.first_name|friend}}')
  })

  await t.test('the composer shows the answer as it leaves', async () => {
    await page.goto(`/c/${id}`)
    await page.getByRole('textbox', { name: 'Reply text' }).fill('As the sea.')
    await page.getByText('As it leaves').click()
    const seen = page.frameLocator('iframe[title="As it leaves"]')
    await seen.getByText('As the sea.').waitFor()
    await shows(seen.getByRole('img', { name: inbox.name, exact: true }), 240)
  })

  let name
  await t.test('it leaves once, beside the text', async () => {
    await page.getByRole('textbox', { name: 'Reply text' }).click()
    await page.keyboard.press('Control+Enter')
    const sent = await shop.outside.received(1, { within: 60_000 })
    name = sent.data.match(/Content-ID: <(file-\d+@rapport)>/i)?.[1]
    assert.ok(name, sent.data)
    assert.match(sent.data, /multipart\/related/)
    assert.equal(sent.data.match(/Content-ID:/gi).length, 1)
    const [plain, html] = readMail(sent.data).parts.map((part) => part.text)
    assert.equal(html.split(`cid:${name}`).length, 2, html)
    assert.ok(html.includes(`alt="${inbox.name}"`) && html.includes('width="120"') && html.includes('Good wishes, Ewa'), html)
    assert.ok(plain.replaceAll('\r\n', '\n').startsWith('As the sea.\n\n-- \nGood wishes, Ewa\n'), plain)
    assert.doesNotMatch(plain, /image|cid:|\{\{|<img/)
  })

  await t.test('it does not leave twice when the customer has quoted it', async () => {
    const [sent] = shop.outside.mails
    const reply = sent.data.match(/Message-ID: (<[^>]+>)/i)[1]
    const png = sent.data.slice(sent.data.search(/Content-ID:/i)).split('\r\n\r\n')[1].trim()
    await sendMail(shop.server.smtpPort, { from: ewa, to: address, data: quoting(reply, png) })
    await until('her answer', async () => (await shop.api.all(`/conversations/${id}/messages`)).length === 3)
    await page.frameLocator('article iframe').last().getByText('Then I take it').waitFor()
    await page.waitForTimeout(2500) // what has just come counts as seen after a while only
    await page.getByRole('textbox', { name: 'Reply text' }).fill('Thank you.')
    await page.keyboard.press('Control+Enter')
    const again = await shop.outside.received(2, { within: 60_000 })
    assert.equal(again.data.match(/Content-ID:/gi).length, 1, again.data)
    assert.equal(readMail(again.data).parts[1].text.split(`cid:${name}`).length, 3, 'in the signature and in the quote')
  })
  assert.deepEqual(page.faults, [])
})

/** Ewa's answer, with our logo in the quote under a name that her program gave it. */
const quoting = (reply, png) =>
  [`From: Ewa Marsh <${ewa}>`, `To: ${address}`, 'Subject: Re: The bowl', 'Message-ID: <2@harbour.example>', `In-Reply-To: ${reply}`, 'MIME-Version: 1.0', 'Content-Type: multipart/related; boundary=part', '',
    '--part', 'Content-Type: text/html; charset=utf-8', '', '<p>Then I take it.</p><blockquote type="cite"><p>As the sea.</p><img src="cid:image001.png@ewa"></blockquote>',
    '--part', 'Content-Type: image/png; name=image001.png', 'Content-ID: <image001.png@ewa>', 'Content-Disposition: inline', 'Content-Transfer-Encoding: base64', '', png, '--part--', ''].join('\r\n')

/** Pastes a picture that is drawn here, as from a screenshot. */
async function paste(page, name, width) {
  await page.evaluate(async ({ name, width }) => {
    const canvas = new OffscreenCanvas(width, width / 2)
    const brush = canvas.getContext('2d')
    brush.fillStyle = '#0b6470'
    brush.fillRect(0, 0, width, width / 2)
    const clipboardData = new DataTransfer()
    clipboardData.items.add(new File([await canvas.convertToBlob()], name, { type: 'image/png' }))
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, { name, width })
}

const pasteFile = (page, content, name, type) =>
  page.evaluate(({ content, name, type }) => {
    const clipboardData = new DataTransfer()
    clipboardData.items.add(new File([content], name, { type }))
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, { content, name, type })

/** A picture that was truly loaded. */
const shows = (image, width) => until('the picture to load', () => image.evaluate((it, width) => it.complete && it.naturalWidth === width, width))
