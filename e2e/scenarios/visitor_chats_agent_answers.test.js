// A visitor on the company's site and a teammate in the inbox talk, while the power goes in the middle. In the end visitor,
// teammate and log agree, id by id.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPage, screenshot } from '../harness/browser.js'
import { openShop, signedIn, startBrowser } from '../harness/shop.js'
import { ask, openChat, openNewest, openSite, shown, write } from '../harness/site.js'
import { until } from '../harness/wait.js'

test('a visitor chats and an agent answers', { timeout: 280_000 }, async (t) => {
  const browser = await startBrowser(t)
  const shop = await openShop(t)
  const { server, api } = shop
  const inbox = await api.post('/inboxes', { name: 'Chat on miska.example', channel: 'chat', chat: {} })
  const site = await openSite(t, { house: server.url, key: inbox.chat.site_key })
  await api.patch(`/inboxes/${inbox.id}`, { chat: { allowed_origins: [site.url] } })
  const agent = await signedIn(browser, server.url)
  const visitor = await openPage(browser, site.url)
  await visitor.goto('/')

  await t.test('nothing is kept before the first word', async () => {
    await openChat(visitor)
    await visitor.getByRole('button', { name: 'Send us a message' }).click()
    await visitor.getByRole('textbox').fill('I have not decided yet')
    assert.equal(await visitor.evaluate(() => localStorage.length + sessionStorage.length), 0)
    assert.deepEqual(await visitor.context().cookies(site.url), [])
  })

  await t.test('the first words appear in the inbox, the answer on the site', async () => {
    await write(visitor, 'Is the duck back in stock? 오리 사료 있나요?')
    await visitor.keyboard.type('And the ', { delay: 20 }) // goes on while the first words find their place
    await visitor.getByText('Delivered').waitFor()
    await visitor.keyboard.type('turkey?')
    assert.equal(await visitor.getByRole('textbox', { name: 'Write a message' }).inputValue(), 'And the turkey?')
    await agent.goto('/?view=unassigned')
    await agent.getByRole('option').filter({ hasText: 'Is the duck back in stock?' }).click()
    await agent.locator('.bubble').filter({ hasText: '오리 사료 있나요?' }).waitFor()
    await agent.keyboard.press('r')
    await agent.keyboard.type('Since this morning!')
    await visitor.locator('.typing').waitFor()
    await agent.keyboard.press('Enter')
    await visitor.locator('.b').filter({ hasText: 'Since this morning!' }).waitFor()
    await visitor.getByText(/^Seen/).waitFor()
  })
  const id = Number(new URL(agent.url()).pathname.split('/').at(-1))

  await t.test('a picture goes along', async () => {
    await visitor.locator('input[type=file]').setInputFiles({ name: 'Burek i pusta miska.png', mimeType: 'image/png', buffer: dot })
    await visitor.getByRole('button', { name: 'Remove Burek i pusta miska.png' }).waitFor()
    await write(visitor, 'This is Burek with his empty bowl.')
    await until('the picture to be drawn', () => visitor.locator('.pic img').evaluate((image) => image.complete && image.naturalWidth > 0))
    await until('the picture in the inbox', async () => (await api.all(`/conversations/${id}/messages`)).at(-1).attachments[0]?.name === 'Burek i pusta miska.png')
  })

  await t.test('a picture that the agent pastes stands below the words, and the screen says so', async () => {
    const box = agent.getByRole('textbox', { name: 'Reply text' })
    await box.fill('Like this one?')
    await box.evaluate((element) => {
      const clipboardData = new DataTransfer()
      const canvas = new OffscreenCanvas(24, 12)
      canvas.getContext('2d').fillRect(0, 0, 24, 12)
      return canvas.convertToBlob().then((bytes) => {
        clipboardData.items.add(new File([bytes], 'bowl.png', { type: 'image/png' }))
        element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
      })
    })
    await agent.getByText('The visitor sees pictures below your words.').waitFor()
    await agent.getByRole('button', { name: 'Remove bowl.png' }).waitFor()
    await box.press('Enter')
    await visitor.locator('.b').filter({ hasText: 'Like this one?' }).waitFor()
    await until('the picture to be drawn', () => visitor.locator('.pic img[alt="bowl.png"]').evaluate((image) => image.complete && image.naturalWidth === 24))
  })

  const second = await visitor.context().newPage()
  await t.test('a second tab shows the same, without a connection of its own', async () => {
    await second.goto('/')
    await second.evaluate((conversation) => new Promise((done) => (window.Rapport ? done() : document.querySelector('script[data-site]').addEventListener('load', done))).then(() => window.Rapport.show('conversation', conversation)), id)
    await second.locator('.b').filter({ hasText: 'empty bowl' }).waitFor()
    assert.equal(await sockets(api), 1)
  })

  await t.test('the power goes; what is written meanwhile waits and is sent in order, once', async () => {
    await server.kill()
    await visitor.getByText('No connection').waitFor()
    for (const text of ['Are you', 'still', 'there?']) await write(visitor, text)
    await write(second, 'I am in two tabs.')
    await visitor.locator('.state').filter({ hasText: /Sending|Goes out/ }).first().waitFor()
    await screenshot(visitor, 'visitor_chats_agent_answers/power-cut')
    await server.start()
    await until('all words with the server', async () => {
      const texts = (await api.all(`/conversations/${id}/messages`)).map(({ text }) => text)
      return ['Are you', 'still', 'there?', 'I am in two tabs.'].every((each) => texts.includes(each))
    }, { within: 60_000 })
    await agent.locator('.bubble').filter({ hasText: 'I am in two tabs.' }).waitFor({ timeout: 60_000 })
    await visitor.getByText('No connection').waitFor({ state: 'detached', timeout: 60_000 })
  })

  await t.test('a visitor who closes one tab and comes back misses nothing', async () => {
    await visitor.close()
    await agent.keyboard.press('Escape')
    await agent.keyboard.press('r')
    await agent.keyboard.type('Yes. The power was out for a moment.')
    await agent.keyboard.press('Enter')
    await second.locator('.b').filter({ hasText: 'The power was out' }).waitFor({ timeout: 60_000 })
    await second.reload()
    await openNewest(second)
    await second.locator('.b').filter({ hasText: 'The power was out' }).waitFor()
    await write(second, 'Thank you!')
    await agent.locator('.bubble').filter({ hasText: 'Thank you!' }).waitFor()
  })

  await t.test('visitor, agent and log agree, id by id', async () => {
    const all = await api.all(`/conversations/${id}/messages`)
    const kept = all.filter(({ kind }) => kind !== 'note').map((each) => each.id)
    assert.equal(all.length, 10)
    assert.deepEqual(all.map(({ position }) => position), all.map((_, n) => n + 1))
    assert.deepEqual(all.map(({ text }) => text), [
      'Is the duck back in stock? 오리 사료 있나요?', 'Since this morning!', 'This is Burek with his empty bowl.', 'Like this one?', 'Are you', 'still', 'there?', 'I am in two tabs.',
      'Yes. The power was out for a moment.', 'Thank you!',
    ])
    await until('the panel to show all', async () => (await shown(second)).length === kept.length)
    assert.deepEqual((await shown(second)).map((each) => each.id), kept)
    const { body } = await ask(second, server.url, inbox.chat.site_key, 'GET', `conversations/${id}/messages?after=0&limit=100`)
    assert.deepEqual(body.items.map((each) => each.id), kept)
    const bubbles = await agent.locator('.bubble').allInnerTexts()
    assert.deepEqual(all.map(({ text }) => bubbles.filter((each) => each.split('\n').includes(text)).length), all.map(() => 1), bubbles.join(' | '))
    const events = (await log(api)).filter(({ conversation_id: of }) => of === id)
    const logged = events.filter(({ kind }) => ['message.received', 'message.replied'].includes(kind)).map(({ data }) => data.message_id)
    assert.deepEqual(logged, kept)
  })
  await t.test('where sockets do not pass, a stream does', async () => {
    const behind = await openPage(browser, site.url)
    await behind.addInitScript(() => {
      window.WebSocket = class {
        constructor() {
          setTimeout(() => this.onclose?.(new CloseEvent('close', { code: 1006 })), 50)
        }
        close() {}
      }
    })
    await behind.goto('/')
    await openChat(behind)
    await behind.getByRole('button', { name: 'Send us a message' }).click()
    await write(behind, 'Hello from behind a proxy')
    const { id: other } = await until('the conversation', async () => (await api.all('/conversations')).find(({ subject }) => subject === 'Hello from behind a proxy'))
    await until('the stream', async () => (await sockets(api)) === 2)
    await api.post(`/conversations/${other}/messages`, { kind: 'reply', text: 'We hear you.' })
    await behind.locator('.b').filter({ hasText: 'We hear you.' }).waitFor()
    assert.deepEqual(behind.faults, [])
  })
  assert.deepEqual((second.faults ?? []).filter((fault) => !/ERR_|WebSocket/.test(fault)), [])
  // A server that is gone is reported by the browser as what it is.
  assert.deepEqual(agent.faults.filter((fault) => !/ERR_|WebSocket|50\d/.test(fault)), [])
})

/** The whole log. */
async function log(api) {
  const events = []
  for (let after = ''; ; ) {
    const { items, next_cursor } = await api.get(`/events?limit=100&after=${encodeURIComponent(after)}`)
    events.push(...items)
    if (items.length < 100) return events
    after = next_cursor
  }
}

/** How many connections of visitors the server has open. */
async function sockets(api) {
  const metrics = await (await fetch(`${api.url}/metrics`, { headers: { authorization: `Bearer ${api.token}` } })).text()
  return Number(metrics.match(/^rapport_widget_sockets (\d+)/m)?.[1])
}

const dot = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGNowAsYRqUbKJMGAGwtRyEfJ5gGAAAAAElFTkSuQmCC', 'base64')
