// A list that could not be asked for says so, with a way to ask again; it is never shown as empty.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openShop, signedIn, startBrowser } from '../harness/shop.js'

const lists = {
  '/outbox': ['outgoing', 'Nothing waits'],
  '/health/mails?state=quarantined': ['mails', 'Nothing in quarantine'],
  '/health/mails': ['mails', 'No mail'],
  '/health/jobs': ['jobs', 'No failed work'],
  '/contacts': ['contacts', 'No customers'],
  '/settings/inboxes': ['inboxes', 'No inbox'],
}

test('what fails is not called empty', async (t) => {
  const browser = await startBrowser(t)
  const shop = await openShop(t)
  const page = await signedIn(browser, shop.server.url)
  for (const [path, [asked, empty]] of Object.entries(lists)) {
    await t.test(path, async () => {
      let broken = true
      await page.route(new RegExp(`/api/v1/${asked}(\\?|$)`), (route) => (broken ? route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"title":"Something broke.","status":500}' }) : route.continue()))
      await page.goto(path)
      const again = page.locator('#sheet').getByRole('button', { name: 'Try again' })
      await again.waitFor()
      assert.equal(await page.getByRole('heading', { name: empty }).count(), 0)
      broken = false
      await again.press('Enter')
      await again.waitFor({ state: 'detached' })
    })
  }
})
