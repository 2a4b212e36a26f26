// What is unseen stands in the title and on the icon; what is pushed is shown once a tag, counted, and leads to its
// conversation in the tab that is there.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter } from '../harness/mail.js'
import { address, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

test('news is pushed, counted and opened', async (t) => {
  const browser = await startBrowser(t)
  const { server, api } = await openShop(t)
  const page = await signedIn(browser, server.url, undefined, { permissions: ['notifications'] })
  const cdp = await page.context().newCDPSession(page)
  let registrationId
  cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => (registrationId = registrations.find(({ isDeleted }) => !isDeleted)?.registrationId ?? registrationId))
  await cdp.send('ServiceWorker.enable')
  await until('the worker', () => page.evaluate(() => Boolean(navigator.serviceWorker.controller)))
  await until('its registration', () => registrationId)

  const from = 'ewa@harbour.example'
  await sendMail(server.smtpPort, { from, to: address, data: letter({ from, to: address, subject: 'Sucha karma', text: 'Kiedy?' }) })
  const [{ id }] = await until('the mail', async () => {
    const list = await api.all('/conversations?view=all_open')
    return list.length && list
  })
  const push = (data) => cdp.send('ServiceWorker.deliverPushMessage', { origin: server.url, registrationId, data: JSON.stringify(data) })
  const shown = () => page.evaluate(async () => (await (await navigator.serviceWorker.getRegistration()).getNotifications()).map(({ title, body, tag, data }) => ({ title, body, tag, url: data.url })))

  await t.test('what is pushed is shown, and once a tag', async () => {
    await push({ title: 'Ewa', body: 'Sucha karma', tag: `c${id}`, url: `/c/${id}`, count: 1 })
    await until('it', async () => (await shown()).length === 1)
    await push({ title: 'Ewa', body: 'Kiedy?', tag: `c${id}`, url: `/c/${id}`, count: 2 })
    await until('the newer in its place', async () => (await shown()).map(({ body }) => body).join() === 'Kiedy?')
    assert.deepEqual(await shown(), [{ title: 'Ewa', body: 'Kiedy?', tag: `c${id}`, url: `/c/${id}` }])
  })
  await t.test('the worker leads the tab that is there to its conversation', async () => {
    await page.evaluate((url) => navigator.serviceWorker.dispatchEvent(new MessageEvent('message', { data: { goTo: url } })), `/c/${id}`)
    await page.waitForURL(`**/c/${id}*`)
    await page.getByRole('textbox', { name: 'Reply text' }).waitFor()
  })
  await t.test('the title and the icon count what is unseen, until it is seen', async () => {
    await page.goto('/')
    let unseen = 2
    await page.route(/\/api\/v1\/notifications(\?|$)/, async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, json: { ...(await answer.json()), unseen } })
    })
    const icon = () => page.locator('link[rel=icon]').getAttribute('href')
    await page.reload()
    await until('the number', async () => (await page.title()) === '(2) Rapport')
    assert.equal(await icon(), '/icon-unseen.svg')
    unseen = 0
    await page.reload()
    await until('no number', async () => (await page.title()) === 'Rapport')
    assert.equal(await icon(), '/icon.svg')
  })
})
