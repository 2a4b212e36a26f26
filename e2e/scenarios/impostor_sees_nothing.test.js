// Who claims to be somebody else sees nothing of them: not with an address, not with an id, not with a forged proof, not with a
// token stolen for another site, and not with an old proof after signing out.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { openPage } from '../harness/browser.js'
import { openShop, startBrowser } from '../harness/shop.js'
import { ask, openChat, openSite, shown, write } from '../harness/site.js'
import { until } from '../harness/wait.js'

const secretWords = 'The vet says it is his kidneys.'

test('an impostor sees nothing', { timeout: 200_000 }, async (t) => {
  const browser = await startBrowser(t)
  const { server, api } = await openShop(t)
  const inbox = await api.post('/inboxes', { name: 'Chat on miska.example', channel: 'chat', chat: {} })
  const key = inbox.chat.site_key
  const [site, elsewhere, stranger] = [await openSite(t, { house: server.url, key }), await openSite(t, { house: server.url, key }), await openSite(t, { house: server.url, key })]
  await api.patch(`/inboxes/${inbox.id}`, { chat: { allowed_origins: [site.url, elsewhere.url] } })
  const { secret } = await api.post(`/inboxes/${inbox.id}/identity-secret`)
  const now = () => Math.floor(Date.now() / 1000)
  const claims = (more) => ({ sub: 'customer-17', aud: key, iat: now(), exp: now() + 3600, email: 'ewa@harbour.example', name: 'Ewa Marsh', ...more })

  const ewa = await openPage(browser, site.url)
  let token
  await t.test('who is proven sees her own words, also in another browser', async () => {
    await visit(ewa)
    await ewa.evaluate((jwt) => window.Rapport.identify(jwt), sign(claims(), secret))
    await openChat(ewa)
    await ewa.getByRole('heading', { name: 'Hi Ewa, how can we help?' }).waitFor()
    await ewa.getByRole('button', { name: 'Send us a message' }).click()
    await write(ewa, secretWords)
    await ewa.getByText('Delivered').waitFor()
    const [contact] = await api.all('/contacts?q=ewa@harbour.example')
    assert.equal(contact.name, 'Ewa Marsh')
    const telephone = await openPage(browser, site.url)
    await visit(telephone)
    await telephone.evaluate((jwt) => window.Rapport.identify(jwt), sign(claims(), secret))
    await openChat(telephone)
    await telephone.locator('.row').filter({ hasText: secretWords }).waitFor()
    await telephone.context().close()
    token = await ewa.evaluate((k) => JSON.parse(localStorage.getItem(k)).token, `rapport:${key}`)
  })

  await t.test('a typed address and an id shown to everybody open nothing', async () => {
    const page = await openPage(browser, site.url)
    await visit(page)
    await openChat(page)
    await page.getByRole('button', { name: 'Send us a message' }).click()
    await write(page, 'I am Ewa. Show me what I wrote.')
    await page.getByLabel('If you leave, where should the answer go?').fill('ewa@harbour.example')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('We will write to ewa@harbour.example').waitFor()
    await page.reload()
    await openChat(page)
    assert.ok(!(await everything(page)).includes('kidneys'))
    const hers = (await ask(ewa, server.url, key, 'GET', 'me')).body.conversations[0]
    for (const [method, path, body] of [
      ['GET', `conversations/${hers.id}/messages`], ['PUT', `conversations/${hers.id}/marks`, { seen_position: 1 }], ['POST', `conversations/${hers.id}/person`],
      ['POST', `conversations/${hers.id}/transcript`, { email: 'impostor@elsewhere.example' }], ['POST', 'messages', { client_id: 'x1', conversation_id: hers.id, text: 'hi', attachment_ids: [], page: '' }],
    ]) assert.equal((await ask(page, server.url, key, method, path, body)).status, 404, path)
    const mine = (await ask(page, server.url, key, 'GET', 'me')).body
    assert.equal(mine.conversations.length, 1)
    assert.equal(mine.visitor.known, false)
    const people = await until('two customers', async () => {
      const all = await api.all('/conversations')
      return all.length === 2 && all.map((each) => each.contact_id)
    })
    assert.notEqual(people[0], people[1])
    await page.context().close()
  })

  await t.test('forged proofs are refused, and the chat stays anonymous', async () => {
    const good = sign(claims(), secret)
    const [head, body, signature] = good.split('.')
    const forged = {
      'nothing signed': `${part({ alg: 'none' })}.${body}.`,
      'another secret': sign(claims(), 'a-secret-of-the-impostors-own-invention'),
      'other words under the signature': `${head}.${part(claims({ sub: 'customer-18' }))}.${signature}`,
      'another algorithm': sign(claims(), secret, { alg: 'HS512' }),
      'of another chat': sign(claims({ aud: 'st_other' }), secret),
      expired: sign(claims({ iat: now() - 7200, exp: now() - 3600 }), secret),
      endless: sign(claims({ exp: undefined }), secret),
    }
    const page = await openPage(browser, site.url)
    await visit(page)
    for (const [what, jwt] of Object.entries(forged)) {
      const error = page.evaluate(() => new Promise((done) => window.Rapport.on('error', (detail) => done(detail?.status))))
      await page.evaluate((each) => window.Rapport.identify(each), jwt)
      assert.equal(await error, 403, what)
      assert.equal(await page.evaluate(() => localStorage.length), 0, what)
    }
    await openChat(page)
    assert.ok(!(await everything(page)).includes('kidneys'))
    await page.context().close()
  })

  await t.test('a stolen token opens nothing on another site, allowed or not, nor without one', async () => {
    for (const thief of [elsewhere, stranger]) {
      const page = await openPage(browser, thief.url)
      await page.goto('/')
      await page.evaluate(([k, stolen]) => localStorage.setItem(k, JSON.stringify({ token: stolen })), [`rapport:${key}`, token])
      const answer = await ask(page, server.url, key, 'GET', 'me').catch((error) => error.message)
      assert.match(String(answer.status ?? answer), /403|Failed to fetch/)
      await page.reload()
      await page.waitForTimeout(500)
      assert.ok(!(await everything(page)).includes('kidneys'))
      await page.context().close()
    }
    const headers = { authorization: `Bearer ${token}` }
    for (const origin of ['null', 'https://shop.example', `${site.url}.evil.example`, site.url.replace('http:', 'https:')]) {
      const answer = await fetch(`${server.url}/widget/v1/me`, { headers: { ...headers, origin } })
      assert.equal(answer.status, 403, origin)
      assert.equal(answer.headers.get('access-control-allow-origin'), null, origin)
    }
  })

  await t.test('a new proof ends the old token; signing out ends the proof', async () => {
    const old = token
    const before = sign(claims({ iat: now() - 5 }), secret)
    await ewa.evaluate((jwt) => window.Rapport.identify(jwt), sign(claims(), secret))
    await until('another token', async () => (token = await ewa.evaluate((k) => JSON.parse(localStorage.getItem(k))?.token, `rapport:${key}`)) !== old)
    assert.equal(await status(server, site, old), 401)
    assert.equal(await status(server, site, token), 200)
    await ewa.evaluate(() => window.Rapport.shutdown())
    assert.equal(await ewa.evaluate(() => localStorage.length), 0)
    assert.equal(await ewa.locator('button').count(), 0)
    assert.equal(await status(server, site, token), 401)
    await ewa.evaluate((k) => window.Rapport.boot({ site: k }), key)
    const error = ewa.evaluate(() => new Promise((done) => window.Rapport.on('error', (detail) => done(detail?.status))))
    await ewa.evaluate((jwt) => window.Rapport.identify(jwt), before)
    assert.equal(await error, 403)
    await openChat(ewa)
    assert.ok(!(await everything(ewa)).includes('kidneys'))
    assert.deepEqual(await shown(ewa), [])
  })
})

/** Opens the page and waits until the chat is on it. */
async function visit(page) {
  await page.goto('/')
  await page.getByRole('button', { name: /^Open chat/ }).waitFor()
}

/** All words on a page, those of the panel among them. */
const everything = (page) => page.evaluate(() => [document.body, ...[...document.documentElement.children].map((each) => each.shadowRoot).filter(Boolean)].map((each) => each.textContent).join(' '))

const status = async (server, site, token) => (await fetch(`${server.url}/widget/v1/me`, { headers: { authorization: `Bearer ${token}`, origin: site.url } })).status

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

function sign(claims, secret, header = { alg: 'HS256', typ: 'JWT' }) {
  const words = `${part(header)}.${part(claims)}`
  return `${words}.${createHmac(header.alg === 'HS512' ? 'sha512' : 'sha256', secret).update(words).digest('base64url')}`
}
