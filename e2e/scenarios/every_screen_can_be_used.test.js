// Every screen, light and dark: no serious finding of axe, and on a narrow telephone nothing to scroll sideways.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seriousFindings } from '../harness/axe.js'
import { openPage, screenshot } from '../harness/browser.js'
import { startRapport } from '../harness/rapport.js'
import { startBrowser } from '../harness/shop.js'

const outside = ['/sign-in', '/forgotten']
const inside = [
  '/', '/?view=all_open', '/c/{id}?view=all_open', '/contacts', '/settings', '/settings/security', '/settings/teammates',
  '/settings/teams', '/settings/snippets', '/settings/macros', '/settings/inboxes', '/settings/inboxes/new', '/settings/inboxes/new?channel=email',
  '/settings/inboxes/new?channel=chat', '/settings/inboxes/new?channel=form', '/settings/inboxes/{form}', '/forms/{form_key}', '/forms/{form_key}?embed=1',
  '/settings/api-keys', '/health', '/health/mails', '/health/jobs',
]

test('screens in light and dark, wide and narrow', async (t) => {
  const browser = await startBrowser(t)
  const server = await startRapport({ args: ['--demo'] })
  t.after(() => server.close())
  const [, email] = server.log().match(/sign in\s+(\S+)/)
  const [, password] = server.log().match(/password\s+(\S+)/)

  for (const colorScheme of ['light', 'dark']) {
    await t.test(colorScheme, async () => {
      const page = await openPage(browser, server.url, { colorScheme })
      const problems = []
      for (const path of outside) problems.push(...(await look(page, path, colorScheme)))
      const answer = await page.request.post('/api/v1/session', { data: { email, password }, headers: { 'X-Rapport': '1' } })
      assert.ok(answer.ok(), await answer.text())
      const { items } = await (await page.request.get('/api/v1/conversations?view=all_open&limit=1')).json()
      const form = (await (await page.request.get('/api/v1/inboxes')).json()).items.find(({ channel }) => channel === 'form')
      const names = { id: items[0].id, form: form.id, form_key: form.form.form_key }
      page.faults.length = 0
      assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), colorScheme)
      for (const path of inside) problems.push(...(await look(page, path.replace(/\{(\w+)\}/, (_, name) => names[name]), colorScheme)))
      assert.deepEqual(problems, [])
      assert.deepEqual(page.faults, [])
      await page.context().close()
    })
  }
})

/** Opens one screen and returns what is wrong with it. */
async function look(page, path, colorScheme) {
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto(path)
  await settled(page)
  // In the dark only the colours are others.
  const dark = colorScheme === 'dark'
  const problems = (await seriousFindings(page, dark ? ['color-contrast'] : undefined)).map((line) => `${path}: ${line}`)
  if (!dark) problems.push(...(await tooWide(page, path)))
  if (problems.length) await screenshot(page, `every_screen/${path.replace(/\W+/g, '-')}${colorScheme}`)
  return problems
}

async function tooWide(page, path) {
  await page.setViewportSize({ width: 375, height: 812 })
  await settled(page)
  const { scrollWidth, innerWidth } = await page.evaluate(() => ({ scrollWidth: document.documentElement.scrollWidth, innerWidth: window.innerWidth }))
  return scrollWidth > innerWidth ? [`${path}: ${scrollWidth} px wide at ${innerWidth}`] : []
}

/** Waits until a screen has its content: words on it and nothing that says it is still loading. */
async function settled(page) {
  await page.locator('main').first().waitFor()
  await page.evaluate(() => document.fonts.ready)
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .skeleton'))
}
