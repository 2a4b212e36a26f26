// A chat is set up on the screen, stands on a site of the company, and is answered by keyboard; each side sees the other at once.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { seriousFindings } from '../harness/axe.js'
import { openPage, screenshot } from '../harness/browser.js'
import { openShop, signedIn, startBrowser } from '../harness/shop.js'

test('a chat is set up and answered', async (t) => {
  const { server } = await openShop(t)
  const browser = await startBrowser(t)
  const site = await openSite(t)
  const page = await signedIn(browser, server.url)

  await t.test('it is added beside a preview that shows it before anything is saved', async () => {
    await page.goto('/settings/inboxes/new')
    await page.getByRole('link', { name: /^Chat/ }).click()
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Miska', 'visitors read the name of the company')
    await page.getByLabel('Name', { exact: true }).fill('Shop chat')
    await page.getByLabel('Address of a site').fill('https://shop.*')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('The star stands alone at the beginning').waitFor()
    await page.getByLabel('Address of a site').fill('https://www.miska.example/basket')
    await page.keyboard.press('Enter')
    await page.getByText('https://www.miska.example', { exact: true }).waitFor()
    await page.getByLabel('English', { exact: true }).fill('Woof! What is it about?')
    const preview = page.frameLocator('iframe')
    await preview.getByText('Woof! What is it about?').waitFor()
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'INPUT', 'the preview takes the focus from nobody')
    await page.getByRole('button', { name: 'Add the chat' }).click()
    await page.getByText('Waiting for the first visit').waitFor()
    assert.deepEqual(await seriousFindings(page), [])
  })

  let visitor
  await t.test('a site that was forgotten is refused, shown, and allowed by one press; the check turns green', async () => {
    site.html = `<!doctype html><title>Miska</title><h1>Dog food</h1>${await page.locator('.code-line code').first().innerText()}`
    visitor = await openPage(browser, site.url)
    await visitor.goto('/')
    await page.getByText('asked for the chat and was refused').waitFor({ timeout: 60_000 })
    await page.getByRole('button', { name: 'Allow this site' }).click()
    await page.getByText('asked for the chat and was refused').waitFor({ state: 'detached' })
    await visitor.goto('/')
    await page.getByText('Seen on your site').waitFor({ timeout: 60_000 })
    await screenshot(page, 'chat_is_set_up/settings')
    visitor.faults.length = 0 // the browser reports the refusal
  })

  await t.test('the secret is shown once', async () => {
    await page.getByRole('button', { name: 'Make the secret' }).click()
    const secret = await page.getByRole('dialog').locator('code').innerText()
    assert.ok(secret.length >= 27, 'at least 160 bit')
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Make a new secret' }).waitFor()
    assert.ok(!(await page.content()).includes(secret))
  })

  await t.test('visitor and teammate talk, and each sees what the other does', async () => {
    await visitor.getByRole('button', { name: 'Open chat' }).click()
    await visitor.getByRole('button', { name: 'Send us a message' }).click()
    await visitor.getByRole('textbox').first().fill('Is the duck back in stock?')
    await visitor.keyboard.press('Enter')
    await visitor.getByText(/^Delivered/).waitFor()

    await page.goto('/?view=unassigned')
    await page.getByRole('option').filter({ hasText: 'Is the duck back in stock?' }).click()
    await page.locator('.bubble').filter({ hasText: 'Is the duck back in stock?' }).waitFor()
    await page.locator('.visitor-now.online').waitFor()
    assert.equal(await page.getByRole('group', { name: 'To' }).count(), 0, 'a chat has no line of recipients')

    await page.keyboard.press('r')
    await page.keyboard.type('Since this morning!', { delay: 60 })
    await visitor.getByText(/is typing|writing/i).first().waitFor({ state: 'attached' })
    await page.keyboard.press('Enter')
    await visitor.getByText('Since this morning!').first().waitFor()
    await page.getByText('Seen', { exact: true }).waitFor()
    await page.keyboard.type('Shall I put one aside?')
    await page.keyboard.press('Enter')
    await visitor.getByText('Shall I put one aside?').first().waitFor()

    await visitor.getByRole('textbox').first().pressSequentially('Yes', { delay: 30 })
    await page.getByText(/is typing…$/).first().waitFor()
    await visitor.keyboard.press('Enter')
    await page.locator('.bubble').filter({ hasText: /^Yes$/ }).waitFor()
    await screenshot(page, 'chat_is_set_up/talk')
    assert.deepEqual(await seriousFindings(page), [])
  })

  await t.test('what teammates note, the visitor neither reads nor sees being written', async () => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('n')
    await page.keyboard.type('He asked twice already.')
    await page.getByRole('button', { name: 'Add note' }).click()
    await page.locator('article.note').filter({ hasText: 'He asked twice already.' }).waitFor()
    assert.ok(!(await visitor.content()).includes('He asked twice'))
    assert.deepEqual(visitor.faults, [])
    assert.deepEqual(page.faults, [])
  })
})

/** A site of the company on another port, which is another origin. */
async function openSite(t) {
  const site = { html: '', url: '' }
  const server = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(site.html))
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  t.after(() => server.close())
  site.url = `http://127.0.0.1:${server.address().port}`
  return site
}
