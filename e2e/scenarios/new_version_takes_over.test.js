// The server gets another version of the application while somebody writes: a line says so, what is on screen goes on
// working, and loading it brings the new version with the draft as it was.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter } from '../harness/mail.js'
import { address, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { openUpgradable } from '../harness/upgrade.js'
import { until } from '../harness/wait.js'

test('a new version takes over', async (t) => {
  const browser = await startBrowser(t)
  const { server, api } = await openShop(t)
  const door = await openUpgradable(server.url)
  t.after(door.close)
  const from = 'ewa@harbour.example'
  await sendMail(server.smtpPort, { from, to: address, data: letter({ from, to: address, subject: 'Sucha karma', text: 'Kiedy?' }) })
  const [{ id }] = await until('the mail', async () => {
    const list = await api.all('/conversations?view=all_open')
    return list.length && list
  })
  const page = await signedIn(browser, door.url)
  const versionOf = (at) => at.locator('meta[name=rapport-version]').getAttribute('content')
  const cachesOf = () => page.evaluate(async () => (await caches.keys()).sort())
  const first = await versionOf(page)
  await until('the worker', () => page.evaluate(() => Boolean(navigator.serviceWorker.controller)))
  await page.goto(`/c/${id}?view=unassigned`)
  const other = await page.context().newPage()
  await other.goto('/?view=unassigned')
  await other.getByRole('listbox').waitFor()
  const line = (at) => at.getByText('A new version is here.')
  let second

  await t.test('a line says so, and only then', async () => {
    assert.equal(await line(page).count(), 0)
    second = await door.upgrade()
    await page.getByRole('textbox', { name: 'Reply text' }).fill('Jutro rano, 내일 아침.')
    await page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration()).update()))
    await line(page).waitFor()
    await line(other).waitFor()
    assert.equal(await versionOf(page), first)
  })
  await t.test('loading it brings the new version, with the draft as it was', async () => {
    await page.getByRole('button', { name: 'Load it' }).click()
    await page.waitForFunction((version) => document.querySelector('meta[name=rapport-version]')?.content === version, second)
    await page.getByRole('textbox', { name: 'Reply text' }).getByText('Jutro rano, 내일 아침.').waitFor()
    assert.equal(await line(page).count(), 0)
    assert.ok((await cachesOf()).includes(`rapport-${second}`))
  })
  await t.test('a tab that still shows the old one goes on in its own files, which the server has no more', async () => {
    assert.equal(await versionOf(other), first)
    await line(other).waitFor()
    await other.keyboard.press('?')
    await other.getByRole('dialog', { name: 'Keys' }).waitFor()
    await other.keyboard.press('Escape')
    await other.evaluate(() => void document.querySelector('a[href="/settings"]').click())
    await other.getByText('This device').waitFor()
  })
  await t.test('the version after that leaves nothing of the first', async () => {
    const third = await door.upgrade()
    await page.goto('/?view=unassigned') // a page that is of the new version already needs no line
    await until('the third version alone with the one before', async () => (await cachesOf()).join() === [`rapport-${second}`, `rapport-${third}`].sort().join())
    assert.equal(await line(page).count(), 0)
  })
})
