// What an agent does while the server is away is shown at once, waits, and is done once when the server is back: also when
// the browser was closed meanwhile. What a teammate has set since does not lose silently.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { chromium } from 'playwright-core'
import { letter } from '../harness/mail.js'
import { owner } from '../harness/rapport.js'
import { address, hire, openShop } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

const away = '**/api/v1/**'
const cut = (context) => context.route(away, (route) => route.abort())
const mend = (context) => context.unroute(away)

/** A browser that keeps what it has over its own end, as people's browsers do. */
async function open(profile, url) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'],
    viewport: { width: 1440, height: 900 }, locale: 'en-GB', baseURL: url, reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(20_000)
  return context
}

test('changes wait for the server', async (t) => {
  const { server, api, inbox, outside } = await openShop(t)
  const ana = await hire(server, api, { name: 'Ana', email: 'ana@miska.example', inboxes: [inbox] })
  const subjects = ['Leaking bowl', 'Torn leash', 'Late parcel']
  const from = 'ewa@harbour.example'
  for (const subject of subjects) await sendMail(server.smtpPort, { from, to: address, data: letter({ from, to: address, subject, text: 'What now?' }) })
  const all = await until('the mails', async () => {
    const list = await api.all('/conversations?view=all_open')
    return list.length === 3 && list
  })
  const idOf = (subject) => all.find((each) => each.subject === subject).id
  const now = (subject) => api.get(`/conversations/${idOf(subject)}`)
  const profile = await mkdtemp(join(tmpdir(), 'rapport-profile-'))
  let context = await open(profile, server.url)
  t.after(async () => {
    await context.close()
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  })
  let page = await context.newPage()
  await page.goto('/')
  await page.getByLabel('E-mail').fill(owner.email)
  await page.getByLabel('Password').fill(owner.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation').first().waitFor()
  const row = (subject) => page.getByRole('option', { name: new RegExp(subject) })
  const press = async (keys) => {
    await page.getByRole('heading', { level: 2 }).first().waitFor()
    await page.keyboard.press(keys)
  }
  await page.goto('/?view=all_open')

  await t.test('what is done without the server is shown at once and waits, with words for it', async () => {
    for (const subject of subjects) { // read once, so that all is at hand
      await row(subject).click()
      await page.getByRole('article').first().waitFor()
    }
    await cut(context)
    await row('Leaking bowl').click()
    await press('e')
    await row('Leaking bowl').getByText('Closed').waitFor()
    await page.getByRole('textbox', { name: 'Reply text' }).fill('A new bowl is on its way.')
    await page.getByRole('textbox', { name: 'Reply text' }).press('Control+Enter')
    await page.getByRole('article', { name: /Hanna|hanna/ }).getByText('Waits for the connection').waitFor()
    await row('Torn leash').click()
    await press('e')
    await page.getByText('3 changes wait for the connection.').waitFor()
    assert.equal((await now('Leaking bowl')).status, 'open')
  })
  await t.test('they survive the end of the browser', async () => {
    await context.close()
    await api.put(`/conversations/${idOf('Late parcel')}/priority`, { priority: 'high' })
    await ana.api.put(`/conversations/${idOf('Torn leash')}/status`, { status: 'pending' })
    context = await open(profile, server.url)
    page = await context.newPage()
    await page.goto('/?view=all_open')
    await until('the bowl to be answered and closed', async () => (await api.all(`/conversations/${idOf('Leaking bowl')}/messages`)).length === 2)
    const said = await api.all(`/conversations/${idOf('Leaking bowl')}/messages`)
    assert.deepEqual(said.map(({ kind }) => kind), ['inbound', 'reply'])
    await until('one mail', () => outside.mails.length === 1)
  })
  await t.test('what a teammate has set meanwhile stays until somebody chooses', async () => {
    const choice = page.getByRole('alert').filter({ hasText: 'Changed meanwhile by Ana' })
    await choice.getByText('Status is now Waiting. You had chosen Closed.').waitFor()
    assert.equal((await now('Torn leash')).status, 'pending')
    await choice.getByRole('button', { name: 'Use mine' }).click()
    await until('my choice', async () => (await now('Torn leash')).status === 'closed')
    await choice.waitFor({ state: 'detached' })
    assert.equal(outside.mails.length, 1)
  })
})
