// Several conversations are chosen by keys, closed at once, and come back at once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPage } from '../harness/browser.js'
import { letter } from '../harness/mail.js'
import { owner } from '../harness/rapport.js'
import { address, openShop, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

test('many are closed and brought back', async (t) => {
  const browser = await startBrowser(t)
  const { server, api } = await openShop(t)
  for (const who of ['ewa', 'jan', 'ola', 'iza']) {
    const from = `${who}@harbour.example`
    await sendMail(server.smtpPort, { from, to: address, data: letter({ from, to: address, subject: `Karma dla ${who}`, text: 'Kiedy?' }) })
  }
  const rows = await until('four mails', async () => {
    const all = await api.all('/conversations?view=unassigned')
    return all.length === 4 && all
  })
  const statuses = async () => Promise.all(rows.map(async ({ id }) => (await api.get(`/conversations/${id}`)).status))
  await api.put(`/conversations/${rows[1].id}/status`, { status: 'on_hold' })
  await api.put(`/conversations/${rows[1].id}/status`, { status: 'open' })
  const page = await openPage(browser, server.url)
  await page.goto('/')
  await page.getByLabel('E-mail').fill(owner.email)
  await page.getByLabel('Password').fill(owner.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Mine' }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('u')
  await page.getByRole('option').nth(3).waitFor()

  await t.test('X takes one, ⇧X all up to there', async () => {
    await page.keyboard.press('x')
    await page.getByRole('toolbar', { name: '1 selected' }).waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('Shift+X')
    await page.getByRole('toolbar', { name: '3 selected' }).waitFor()
    assert.equal(await page.getByRole('option', { checked: true }).count(), 3)
  })

  await t.test('E closes them, Z brings them back', async () => {
    await page.keyboard.press('e')
    await page.getByRole('status').getByText('3 conversations').waitFor()
    await until('three closed', async () => (await statuses()).filter((status) => status === 'closed').length === 3)
    assert.equal(await page.getByRole('toolbar').filter({ hasText: 'selected' }).count(), 0)
    await page.keyboard.press('z')
    await until('all open again', async () => (await statuses()).every((status) => status === 'open'))
  })

  await t.test('what somebody changed since stays', async () => {
    await page.keyboard.press('Control+a')
    await page.getByRole('toolbar', { name: '4 selected' }).waitFor()
    await page.keyboard.press('p')
    await page.getByRole('option', { name: 'Urgent' }).click()
    const priorities = async () => Promise.all(rows.map(async ({ id }) => (await api.get(`/conversations/${id}`)).priority))
    await until('all urgent', async () => (await priorities()).every((priority) => priority === 'urgent'))
    await api.put(`/conversations/${rows[0].id}/priority`, { priority: 'low' })
    await page.locator('.popover').waitFor({ state: 'detached' })
    await page.keyboard.press('z')
    await until('three back, one kept', async () => (await priorities()).join() === 'low,normal,normal,normal')
    await page.getByText('1 conversation stays as it is').waitFor()
  })

  await t.test('a box appears under the mouse, and Escape lets go', async () => {
    await page.getByRole('option').nth(1).hover()
    await page.locator('.row .pick').nth(1).click()
    await page.getByRole('toolbar', { name: '1 selected' }).waitFor()
    await page.keyboard.press('Escape')
    await until('nothing chosen', async () => (await page.getByRole('option', { checked: true }).count()) === 0)
  })

  await t.test('W follows, and the head tells who does', async () => {
    await page.keyboard.press('o')
    await page.getByRole('article').first().waitFor()
    await page.getByRole('button', { name: /^Follow/ }).waitFor()
    await page.keyboard.press('w')
    await page.getByRole('button', { name: /Stop following/ }).waitFor()
    await page.keyboard.press('z')
    await page.getByRole('button', { name: /^Follow/ }).waitFor()
  })
})
