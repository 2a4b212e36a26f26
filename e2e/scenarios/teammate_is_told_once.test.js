// A teammate who is mentioned in a note is told once: by the bell, a toast and the list, on all their screens; what
// is opened on one is seen on the other.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter } from '../harness/mail.js'
import { address, hire, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

test('a teammate is told once, and on all screens it is seen', async (t) => {
  const browser = await startBrowser(t)
  const { server, api, inbox } = await openShop(t)
  const jan = await hire(server, api, { name: 'Jan', email: 'jan@miska.example', inboxes: [inbox] })
  const first = await signedIn(browser, server.url, jan)
  const second = await signedIn(browser, server.url, jan)
  const from = 'ewa@harbour.example'
  await sendMail(server.smtpPort, { from, to: address, data: letter({ from, to: address, subject: 'Burek limps', text: 'He limps since Monday.' }) })
  const { id } = await until('the mail', async () => (await api.all('/conversations?view=all_open')).find((each) => each.subject === 'Burek limps'))
  for (const page of [first, second]) {
    const listens = new Promise((resolve) => page.on('websocket', (socket) => socket.on('framereceived', resolve)))
    await page.goto('/contacts')
    await listens
  }
  await first.getByRole('link', { name: 'Notifications', exact: true }).first().waitFor()
  await api.post(`/conversations/${id}/messages`, { kind: 'note', text: '@Jan can you call her?' })

  await t.test('the bell counts on both screens, and a toast says it', async () => {
    await first.getByRole('link', { name: 'Notifications, 1 unseen' }).first().waitFor()
    await second.getByRole('link', { name: 'Notifications, 1 unseen' }).first().waitFor()
    await first.locator('.toast').getByText(/mentioned you/).waitFor()
  })

  await t.test('by keys to the list and into the conversation', async () => {
    await first.keyboard.press('g')
    await first.keyboard.press('@')
    await first.getByRole('heading', { name: 'Notifications', level: 2 }).waitFor()
    const row = first.getByRole('listitem').filter({ hasText: 'Burek limps' })
    await row.getByText('can you call her?').waitFor()
    assert.equal(await first.locator('.notification').count(), 1)
    await first.keyboard.press('Enter')
    await first.waitForURL(`**/c/${id}`)
    await first.getByRole('article').getByText('He limps since Monday.').waitFor()
  })

  await t.test('what was opened on one screen is seen on the other', async () => {
    await second.getByRole('link', { name: 'Notifications', exact: true }).first().waitFor()
    await second.goto('/notifications')
    await second.getByRole('region', { name: 'Earlier' }).getByText('Burek limps').waitFor()
    assert.equal(await second.getByRole('region', { name: 'Unseen' }).count(), 0)
  })

  await t.test('what they choose holds, and the preview tells what it would have done today', async () => {
    await second.goto('/settings/notifications')
    await second.getByText(/In the app: 1 · Sounds: 1/).waitFor()
    await second.getByRole('checkbox', { name: 'Somebody mentions me or my team: In the app' }).uncheck()
    await second.getByText(/In the app: 0 · Sounds: 1/).waitFor()
    await second.getByRole('button', { name: 'Save' }).click()
    await second.getByText('Saved. It holds from now on.').waitFor()
    const kept = await jan.api.get('/notifications/settings')
    assert.deepEqual(kept.matrix.find(({ event }) => event === 'mention'), { event: 'mention', app: false, sound: true, push: true, mail: true })
  })
})
