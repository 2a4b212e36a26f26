import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { openBrowser, openPage, screenshot } from './browser.js'

test('the browser clicks, types Korean, reports faults and takes a picture', async (t) => {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end('<title>Miska</title><link rel=icon href="data:,"><input aria-label=Reply><button onclick="console.error(1)">Send</button>')
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const browser = await openBrowser()
  t.after(() => browser.close())

  const page = await openPage(browser, `http://127.0.0.1:${server.address().port}`)
  await page.goto('/')
  await page.getByLabel('Reply').fill('감사합니다')
  assert.deepEqual(page.faults, [])
  await page.getByRole('button', { name: 'Send' }).click()
  assert.deepEqual(page.faults, ['1 /'])
  assert.ok((await stat(await screenshot(page, 'harness/browser'))).size > 1000)
})
