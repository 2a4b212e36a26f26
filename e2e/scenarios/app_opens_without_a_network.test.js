// Once the application has been opened in a browser it opens there without a network too, and says what is safe; what it
// has no business keeping never goes through its worker.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openShop, signedIn, startBrowser } from '../harness/shop.js'
import { until } from '../harness/wait.js'

test('the app opens without a network', async (t) => {
  const browser = await startBrowser(t)
  const { server } = await openShop(t)
  const page = await signedIn(browser, server.url)
  await until('the worker', () => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated'))

  await t.test('what is kept is the application and nothing else', async () => {
    const kept = await page.evaluate(async () => {
      const names = await caches.keys()
      const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
      return requests.flat().map(({ url }) => new URL(url).pathname)
    })
    assert.ok(kept.includes('/') && kept.some((path) => path.startsWith('/assets/ConversationPane')), kept.join())
    assert.deepEqual(kept.filter((path) => !/^\/(assets\/.+|theme\.js|icon\.svg)?$/.test(path)), [])
  })
  await t.test('the manifest says what is installed', async () => {
    const href = await page.locator('link[rel=manifest]').getAttribute('href')
    const manifest = await (await page.request.get(href)).json()
    assert.equal(manifest.name, 'Miska')
    for (const { src, sizes } of manifest.icons) {
      const size = await page.evaluate(async (path) => {
        const picture = new Image()
        picture.src = path
        await picture.decode()
        return `${picture.naturalWidth}x${picture.naturalHeight}`
      }, src)
      assert.ok(sizes === 'any' || sizes === size, `${src} is ${size}`)
    }
    const cdp = await page.context().newCDPSession(page)
    const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors')
    // A browser without a window of its own installs nothing.
    assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito'), [])
  })
  await t.test('a shortcut of the installed app begins a conversation', async () => {
    await page.goto('/?do=new')
    await page.getByRole('dialog', { name: 'New conversation' }).waitFor()
    assert.equal(new URL(page.url()).search, '')
    await page.keyboard.press('Escape')
  })
  await t.test('without the server it opens, on any screen', async () => {
    await server.stop()
    for (const path of ['/', '/c/1', '/settings']) {
      await page.goto(path)
      // What was read before is shown from this browser; without it the screen says what is safe.
      await page.locator('#sheet').or(page.getByRole('heading', { name: 'No connection to the server' })).first().waitFor()
    }
  })
  await t.test('what is no screen of it is not there', async () => {
    for (const path of ['/api/v1/me', '/forms/none', '/widget.js', '/help/en']) {
      const answer = await page.evaluate((asked) => fetch(asked).then((got) => got.status, () => 'away'), path)
      assert.equal(answer, 'away', path)
    }
    await assert.rejects(page.goto('/forms/none'))
  })
  await t.test('it goes on when the server is back', async () => {
    await server.start()
    await page.goto('/')
    await page.getByRole('listbox').or(page.getByRole('heading', { name: /Nothing/ })).first().waitFor()
  })
})
