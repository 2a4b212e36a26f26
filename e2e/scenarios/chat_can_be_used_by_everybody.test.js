// The chat in a page of the company: axe finds nothing in any state, everything is done by keyboard, every brand can be read, and
// the page's strict policy is never touched. The page is the demo's shop.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seriousFindings } from '../harness/axe.js'
import { openPage, screenshot } from '../harness/browser.js'
import { startRapport } from '../harness/rapport.js'
import { startBrowser } from '../harness/shop.js'
import { until } from '../harness/wait.js'

const looks = {
  light: {}, dark: { colorScheme: 'dark' }, phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, arabic: { locale: 'ar' },
  korean: { locale: 'ko-KR' }, '400 percent': { viewport: { width: 320, height: 256 } },
}

test('everybody can use the chat', { timeout: 280_000 }, async (t) => {
  const browser = await startBrowser(t)
  const server = await startRapport({ args: ['--demo'] })
  t.after(() => server.close())
  const open = async (options) => {
    const page = await openPage(browser, server.url, options)
    await page.goto('/demo/shop')
    await launcher(page).waitFor()
    return page
  }

  for (const [look, options] of Object.entries(looks)) {
    await t.test(`axe finds nothing: ${look}`, async () => {
      const page = await open(options)
      const check = async (state) => {
        assert.deepEqual(await seriousFindings(page), [], state)
        await screenshot(page, `chat_for_everybody/${look.replace(/\W/g, '-')}-${state}`)
      }
      await check('closed')
      await launcher(page).click()
      await page.locator('.w h2').waitFor()
      await check('home')
      await page.locator('.w-foot button').click()
      await page.locator('textarea').fill('How much should a dog of 6 kg eat? See https://miska.example/feeding')
      await check('first-words')
      await page.locator('textarea').press('Enter')
      await page.locator('input[type=email]').fill('hana@')
      await page.locator('.inrow button').click()
      await page.locator('[aria-invalid=true]').waitFor()
      await check('address')
      await page.locator('[aria-haspopup=menu]').click()
      await page.getByRole('menu').waitFor()
      await check('menu')
      await page.keyboard.press('Escape')
      await page.locator('.comp .ib').nth(1).click()
      await page.locator('.emoji').waitFor()
      await check('emoji')
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      assert.ok(wide <= 0, `the page scrolls sideways by ${wide}`)
      assert.equal(await page.locator('.w').evaluate((panel) => getComputedStyle(panel).direction), look === 'arabic' ? 'rtl' : 'ltr')
      assert.deepEqual(page.faults, [], 'the policy of the page')
      await page.context().close()
    })
  }

  await t.test('what a thumb touches is large enough', async () => {
    const page = await open(looks.phone)
    await launcher(page).click()
    await page.locator('.w-foot button').click()
    await page.locator('textarea').fill('Hello')
    await page.locator('textarea').press('Enter')
    await page.locator('.inrow').waitFor()
    const small = await page.locator('.w button:visible, .w input:visible, .w textarea:visible').evaluateAll((all) =>
      all.map((each) => [each.getAttribute('aria-label') ?? each.textContent, each.getBoundingClientRect()]).filter(([, { height }]) => height < 44).map(([name, { height }]) => `${name}: ${height}`))
    assert.deepEqual(small, [])
    await page.context().close()
  })

  await t.test('everything is done by keyboard, and nobody is trapped', async () => {
    const page = await open()
    const focused = () => page.evaluate(() => {
      let at = document.activeElement
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
      return at?.getAttribute('aria-label') ?? at?.textContent?.trim() ?? ''
    })
    await page.locator('footer a').focus()
    await page.keyboard.press('Tab')
    assert.equal(await focused(), 'Open chat')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: /chat$/i }).waitFor()
    await until('the focus on the greeting', async () => (await focused()) === (await page.locator('.w h2').innerText()))
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    assert.match(await focused(), /^Open chat/)
    await page.keyboard.press('Enter')
    await page.locator('.w h2').waitFor()
    for (let n = 0; n < 8 && !(await focused()).includes('Send us a message'); n++) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await until('the focus in the message', async () => (await focused()) === 'Write a message')
    await page.keyboard.type('Two words')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('on two lines')
    await page.keyboard.press('Enter')
    await page.locator('.b').filter({ hasText: 'on two lines' }).waitFor()
    await page.getByText('Delivered').waitFor()
    await page.keyboard.press('Tab')
    assert.equal(await focused(), 'Emoji')
    await page.keyboard.press('Enter')
    await page.locator('.emoji').waitFor()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    assert.equal(await focused(), 'Write a message')
    assert.match(await page.locator('textarea').inputValue(), /^\p{Extended_Pictographic}/u)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    assert.match(await focused(), /^Open chat/)
    // Behind the last control of the panel the page goes on.
    await page.keyboard.press('Enter')
    const names = new Set()
    for (let n = 0; n < 40; n++) {
      await page.keyboard.press('Tab')
      names.add(await focused())
    }
    assert.ok(names.has('Recipes'), [...names].join(', '))
    assert.deepEqual(page.faults, [])
    await page.context().close()
  })

  for (const colorScheme of ['light', 'dark']) {
    await t.test(`the launcher can be read in every brand, ${colorScheme}`, async () => {
      const page = await open({ colorScheme })
      const poor = await page.evaluate((theme) => {
        const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
        const light = (colour) => {
          canvas.fillStyle = colour
          canvas.fillRect(0, 0, 1, 1)
          const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4))
          return 0.2126 * r + 0.7152 * g + 0.0722 * b
        }
        const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
        const host = [...document.documentElement.children].find((each) => each.shadowRoot)
        const look = getComputedStyle(host.shadowRoot.querySelector('button'))
        const found = []
        for (let h = 0; h < 360; h += 15) for (const s of [25, 60, 100]) for (const l of [2, 15, 30, 45, 60, 80, 97]) {
          host.style.setProperty('--brand', `hsl(${h} ${s}% ${l}%)`)
          const [fill, text] = [light(look.backgroundColor), light(look.color)]
          if (ratio(fill, text) < 4.5) found.push(`hsl(${h} ${s} ${l}): icon ${ratio(fill, text).toFixed(2)}`)
          if (ratio(fill, theme === 'dark' ? light('#18191b') : 1) < 3) found.push(`hsl(${h} ${s} ${l}): ground ${ratio(fill, theme === 'dark' ? light('#18191b') : 1).toFixed(2)}`)
        }
        return found
      }, colorScheme)
      assert.deepEqual(poor, [])
      await page.context().close()
    })
  }
})

const launcher = (page) => page.locator('[class="end"] > button, [class="start"] > button').first()
