// A picture is pasted into an answer, kept with the draft, taken out and brought back, and leaves in the text; so it does in a
// note and in the words above a forward.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter, readMail } from '../harness/mail.js'
import { address, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

const ewa = 'ewa@harbour.example'

test('a picture stands in an answer', async (t) => {
  const browser = await startBrowser(t)
  const shop = await openShop(t)
  await sendMail(shop.server.smtpPort, { from: ewa, to: address, data: letter({ from: `Ewa Marsh <${ewa}>`, to: address, subject: 'The bowl', text: 'What does it look like?' }) })
  const { id } = await until('the conversation', async () => (await shop.api.all('/conversations'))[0])
  const page = await signedIn(browser, shop.server.url)
  await page.goto(`/c/${id}`)
  const box = page.getByRole('textbox', { name: 'Reply text' })
  const picture = box.getByRole('img', { name: 'image: bowl.png' })
  await box.waitFor()

  await t.test('it is pasted where the cursor is, and shown', async () => {
    await box.fill('Like this: ')
    await page.keyboard.press('End')
    await paste(page, 'bowl.png')
    await picture.waitFor()
    await shows(picture)
    await page.keyboard.type('Do you like it?')
    assert.equal(await page.locator('.files.in-composer').count(), 0, 'it also hangs below the text')
  })

  await t.test('dropped it stands there once, and does not hang below the text as well', async () => {
    await drop(page, 'dropped.png')
    const dropped = box.getByRole('img', { name: 'image: dropped.png' })
    await shows(dropped)
    assert.equal(await page.locator('.files.in-composer').count(), 0)
    await until('a draft with both', async () => (await draft(shop, id)).attachments.length === 2)
    await dropped.click()
    await page.keyboard.press('Delete')
    await dropped.waitFor({ state: 'detached' })
    await until('a draft with the first alone', async () => (await draft(shop, id)).attachments.length === 1)
  })

  await t.test('taken out it is gone, and undo brings it back', async () => {
    await picture.click()
    await page.keyboard.press('Delete')
    await picture.waitFor({ state: 'detached' })
    await until('a draft without the picture', async () => (await draft(shop, id)).attachments.length === 0)
    await box.press('Control+z')
    await picture.waitFor()
    await until('a draft with the picture', async () => (await draft(shop, id)).attachments.length === 1)
  })

  await t.test('the draft keeps it', async () => {
    await page.evaluate(() => localStorage.clear())
    await page.reload()
    await picture.waitFor()
    await shows(picture)
  })

  await t.test('it leaves in the text and stands in the conversation', async () => {
    await box.click()
    await page.keyboard.press('Control+Enter')
    const sent = await shop.outside.received(1, { within: 60_000 })
    assert.match(sent.data, /multipart\/related/)
    const name = sent.data.match(/Content-ID: <(file-\d+@rapport)>/i)?.[1]
    assert.ok(name, sent.data)
    const parts = readMail(sent.data).parts
    assert.ok(parts[0].text.includes('Like this: [image: bowl.png] Do you like it?'), parts[0].text)
    assert.ok(sent.data.replaceAll('=\r\n', '').includes(`cid:${name}`))
    const frame = page.frameLocator('article iframe').last()
    await shows(frame.getByRole('img', { name: 'image: bowl.png' }))
  })

  await t.test('it stands in a note, which only teammates see', async () => {
    await page.getByRole('radio', { name: 'Note' }).click()
    const note = page.getByRole('textbox', { name: 'Note text' })
    await note.fill('The glaze: ')
    await page.keyboard.press('End')
    await paste(page, 'glaze.png')
    await shows(note.getByRole('img', { name: 'image: glaze.png' }))
    await page.keyboard.press('Control+Enter')
    const said = page.getByRole('article', { name: /^Note/ })
    await shows(said.frameLocator('iframe').getByRole('img', { name: 'image: glaze.png' }))
    assert.equal(await said.locator('.files').count(), 0, 'it also hangs below the note')
  })

  await t.test('it stands in the words above a forward', async () => {
    const mail = page.getByRole('article', { name: 'Message by Ewa Marsh' })
    await mail.hover()
    await mail.getByRole('button', { name: 'Message actions' }).click()
    await page.getByRole('menuitem', { name: 'Forward' }).click()
    const dialog = page.getByRole('dialog', { name: 'Forward' })
    await dialog.getByRole('textbox', { name: 'Add to To' }).fill('potter@lake.example')
    await page.keyboard.press('Enter')
    await dialog.getByRole('textbox', { name: 'A word of your own' }).fill('Can you make this? ')
    await page.keyboard.press('End')
    await paste(page, 'sketch.png')
    await shows(dialog.getByRole('img', { name: 'image: sketch.png' }))
    assert.equal(await dialog.locator('.files.in-composer').count(), 0, 'it also hangs below the words')
    await dialog.getByRole('button', { name: 'Forward' }).click()
    const sent = await shop.outside.received(2, { within: 60_000 })
    const name = sent.data.match(/Content-ID: <(file-\d+@rapport)>/i)?.[1]
    assert.match(sent.data, /multipart\/related/)
    const html = readMail(sent.data).parts[1].text
    assert.ok(html.indexOf(`cid:${name}`) > 0 && html.indexOf(`cid:${name}`) < html.indexOf('What does it look like?'), html)
    assert.doesNotMatch(sent.data, /glaze/)
  })

  await t.test('it stands in the first mail to somebody, too', async () => {
    await page.goto('/')
    await page.getByRole('button', { name: 'New conversation' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'New conversation' })
    await dialog.getByRole('textbox', { name: 'Add to To' }).fill('jan@lake.example')
    await page.keyboard.press('Enter')
    await dialog.getByRole('textbox', { name: 'Subject' }).fill('Our new bowl')
    await dialog.getByRole('textbox', { name: 'Reply text' }).click()
    await paste(page, 'new.png')
    await shows(dialog.getByRole('img', { name: 'image: new.png' }))
    await dialog.getByRole('button', { name: 'Send' }).click()
    const sent = await shop.outside.received(3, { within: 60_000 })
    assert.match(sent.data, /multipart\/related[^]*Content-ID: <file-\d+@rapport>/i)
  })
  assert.deepEqual(page.faults, [])
})

const draft = (shop, id) => shop.api.get(`/conversations/${id}/drafts/reply`)

/** Pastes a picture that is drawn here, as from a screenshot. */
const paste = (page, name) => handOver(page, name, 'paste')

/** Drops one, as from a folder. */
const drop = (page, name) => handOver(page, name, 'drop')

async function handOver(page, name, how) {
  await page.evaluate(async ([name, how]) => {
    const canvas = new OffscreenCanvas(240, 120)
    const brush = canvas.getContext('2d')
    brush.fillStyle = '#0b6470'
    brush.fillRect(0, 0, 240, 120)
    const files = new DataTransfer()
    files.items.add(new File([await canvas.convertToBlob()], name, { type: 'image/png' }))
    const box = document.activeElement
    const { right: clientX, bottom: clientY } = box.lastElementChild.getBoundingClientRect()
    const given = { bubbles: true, cancelable: true }
    box.dispatchEvent(how === 'paste' ? new ClipboardEvent('paste', { ...given, clipboardData: files }) : new DragEvent('drop', { ...given, dataTransfer: files, clientX: clientX - 2, clientY: clientY - 2 }))
  }, [name, how])
}

/** A picture that was truly loaded. */
const shows = (image) => until('the picture to load', () => image.evaluate((it) => it.complete && it.naturalWidth === 240))
