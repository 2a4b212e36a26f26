// What was read is there without the network, also after a reload; the app does not sign anybody out because the server is
// away; who signs out leaves nothing behind; who has lost the sight of an inbox does not find it in the browser.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter } from '../harness/mail.js'
import { address, hire, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

const kept = (page) =>
  page.evaluate(async () => {
    const database = await new Promise((resolve) => (indexedDB.open('rapport', 1).onsuccess = (event) => resolve(event.target.result)))
    const all = (shelf) => new Promise((resolve) => (database.transaction(shelf).objectStore(shelf).getAll().onsuccess = (event) => resolve(event.target.result)))
    const found = JSON.stringify([await all('kept'), await all('commands')])
    database.close()
    return found
  })

test('the inbox is read without the network', async (t) => {
  const browser = await startBrowser(t)
  const { server, api, inbox } = await openShop(t)
  const ana = await hire(server, api, { name: 'Ana', email: 'ana@miska.example', inboxes: [inbox] })
  const from = 'ewa@harbour.example'
  for (const n of [1, 2, 3]) await sendMail(server.smtpPort, { from, to: address, data: letter({ from, to: address, subject: `Sucha karma ${n}`, text: `Kiedy przyjdzie ${n}?` }) })
  await until('the mails', async () => (await api.all('/conversations?view=all_open')).length === 3)
  const page = await signedIn(browser, server.url, ana)
  const row = (n) => page.getByRole('option', { name: new RegExp(`Sucha karma ${n}`) })
  await page.goto('/?view=all_open')
  await row(1).waitFor()

  await t.test('the neighbours of the selected conversation are read ahead and kept', async () => {
    await until('all three to be kept', async () => {
      const found = await kept(page)
      return [1, 2, 3].every((n) => found.includes(`"text":"Kiedy przyjdzie ${n}?`))
    })
    assert.ok(!(await kept(page)).includes('rap_'))
  })
  await t.test('a reload with the server away paints the inbox, and conversations open', async () => {
    await until('the place in the log to be kept', async () => /"version":"[^"]*assets[^"]*","cursor":"[^"]+"/.test(await kept(page)))
    await page.context().route('**/api/v1/**', (route) => route.abort())
    await page.context().routeWebSocket('**/api/v1/live*', (socket) => socket.close()) // from then on frames come as an event stream
    await page.reload()
    await row(3).waitFor()
    for (const n of [2, 1]) {
      await row(n).click()
      await page.getByRole('article').getByText(`Kiedy przyjdzie ${n}?`).waitFor()
    }
    await page.getByRole('status').filter({ hasText: 'The server is not heard.' }).waitFor()
    await page.context().unroute('**/api/v1/**')
  })
  await t.test('what was written meanwhile is there when the server is heard again', async () => {
    await sendMail(server.smtpPort, { from, to: address, data: letter({ from, to: address, subject: 'Sucha karma 4', text: 'I co?' }) })
    await page.getByRole('button', { name: '1 new' }).waitFor()
    await page.getByRole('status').filter({ hasText: 'The server is not heard.' }).waitFor({ state: 'detached' })
  })
  await t.test('what has left my sight vanishes from the browser', async () => {
    await api.put(`/inboxes/${inbox.id}/members`, { agent_ids: [], team_ids: [] })
    await until('nothing of it to be kept', async () => !(await kept(page)).includes('Sucha karma'))
  })
  await t.test('who signs out leaves nothing behind', async () => {
    await page.goto('/')
    await page.getByRole('button', { name: 'Ana, my menu' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByLabel('Password').waitFor()
    await until('nothing to be kept', async () => (await kept(page)) === '[[],[]]')
  })
})
