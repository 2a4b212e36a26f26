// The page around the chat drives it through window.Rapport, and hears what happens; nothing else of it is in the page's world.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPage } from '../harness/browser.js'
import { openShop, startBrowser } from '../harness/shop.js'
import { openSite } from '../harness/site.js'
import { until } from '../harness/wait.js'

test('a page drives the chat', { timeout: 120_000 }, async (t) => {
  const browser = await startBrowser(t)
  const { server, api } = await openShop(t)
  const inbox = await api.post('/inboxes', { name: 'Chat on miska.example', channel: 'chat', chat: {} })
  const key = inbox.chat.site_key
  const site = await openSite(t, { house: server.url, key })
  await api.patch(`/inboxes/${inbox.id}`, { chat: { allowed_origins: [site.url] } })
  const page = await openPage(browser, site.url)
  const heard = () => page.evaluate(() => window.heard)
  const listen = () => page.evaluate(() => {
    window.heard = []
    for (const name of ['ready', 'open', 'close', 'message', 'unread', 'error']) window.Rapport.on(name, (detail) => window.heard.push(detail === undefined ? [name] : [name, detail]))
  })

  await t.test('it adds one name to the page, and what it offers is what is documented', async () => {
    await page.addInitScript(() => (document.known = Object.getOwnPropertyNames(window)))
    await page.goto('/')
    await page.locator('.end > button').waitFor()
    const added = await page.evaluate(() => Object.getOwnPropertyNames(window).filter((name) => !document.known.includes(name)))
    assert.deepEqual(added, ['Rapport'])
    assert.deepEqual(await page.evaluate(() => Object.keys(window.Rapport).sort()), ['boot', 'close', 'identify', 'on', 'open', 'show', 'shutdown', 'track'])
    await listen()
  })

  await t.test('open with a text puts it where it only needs to be sent', async () => {
    await page.evaluate(() => window.Rapport.open('Is the duck back in stock?'))
    const box = page.getByRole('textbox', { name: 'Write a message' })
    await until('the text', async () => (await box.inputValue()) === 'Is the duck back in stock?')
    await box.press('Enter')
    await page.getByText('Delivered').waitFor()
    await page.evaluate(() => window.Rapport.close())
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await until('both to be heard', async () => (await heard()).map(([name]) => name).join() === 'open,close')
  })

  await t.test('an answer while it is closed is one quiet card, a count, and two events', async () => {
    const { id } = (await api.all('/conversations'))[0]
    await api.post(`/conversations/${id}/messages`, { kind: 'reply', text: 'Since this morning.' })
    await page.locator('.peek').getByText('Since this morning.').waitFor()
    await page.getByRole('button', { name: 'Open chat, 1 new message' }).waitFor()
    assert.deepEqual((await heard()).slice(2).map(([name, detail]) => [name, detail?.text ?? detail]).sort(), [['message', 'Since this morning.'], ['unread', 1]])
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await page.reload()
    await page.getByRole('button', { name: 'Open chat, 1 new message' }).waitFor()
    assert.equal(await page.locator('.peek').count(), 0)
    await page.evaluate((conversation) => window.Rapport.show('conversation', conversation), id)
    await page.locator('.b').filter({ hasText: 'Since this morning.' }).waitFor()
    await page.evaluate(() => window.Rapport.show('messages'))
    await page.locator('.row').first().waitFor()
  })

  await t.test('shutdown leaves nothing; the page may begin again without a button of ours', async () => {
    await page.evaluate(() => window.Rapport.shutdown())
    assert.equal(await page.evaluate(() => localStorage.length), 0)
    assert.equal(await page.evaluate(() => [...document.documentElement.children].filter((each) => each.shadowRoot).length), 0)
    await listen()
    await page.evaluate((site) => window.Rapport.boot({ site, launcher: false, language: 'ko' }), key)
    assert.equal(await page.locator('.end > button').count(), 0)
    await page.evaluate(() => {
      document.querySelector('a').focus()
      window.Rapport.track('basket', { boxes: 1 })
      window.Rapport.open()
    })
    await page.getByRole('button', { name: '메시지 보내기' }).click()
    await page.getByRole('textbox', { name: '메시지 입력' }).fill('안녕하세요')
    await page.keyboard.press('Enter')
    await page.getByText('전송됨').waitFor()
    await page.keyboard.press('Escape')
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Recipes')
    assert.equal((await heard())[0][0], 'ready')
    // How far was read may be on its way when the token ends, and browsers report the 401.
    assert.deepEqual(page.faults.filter((fault) => !/401 .*\/marks$/.test(fault)), [])
  })
})
