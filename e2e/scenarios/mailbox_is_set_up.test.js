// An ordinary person connects the company's mailbox: an address, a password, each server answers in words, and a test mail comes back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seriousFindings } from '../harness/axe.js'
import { screenshot } from '../harness/browser.js'
import { startDovecot } from '../harness/dovecot.js'
import { startRapport } from '../harness/rapport.js'
import { address, signedIn, startBrowser } from '../harness/shop.js'
import { startSmtpServer } from '../harness/smtp-server.js'
import { until } from '../harness/wait.js'

test('a mailbox is set up by its address and one password', async (t) => {
  const browser = await startBrowser(t)
  const dovecot = await startDovecot()
  t.after(() => dovecot.close())
  const outside = await startSmtpServer()
  t.after(outside.close)
  const server = await startRapport()
  t.after(() => server.close())
  const { api } = await server.setup()
  const page = await signedIn(browser, server.url)
  await page.goto('/settings/inboxes/new?channel=email')
  const connection = page.locator('section.card').filter({ has: page.getByRole('heading', { name: 'Connection' }) })
  const card = (name) => page.locator('section.card').filter({ has: page.getByRole('heading', { name, exact: true }) })

  await t.test('a known provider says what it wants, with the way to it', async () => {
    await page.getByLabel('Address your customers write to').fill('ewa@gmail.com')
    await page.getByRole('button', { name: 'Use an app password instead' }).click()
    await page.getByText('Gmail wants an app password here').waitFor()
    assert.equal(await page.getByRole('link', { name: 'Make an app password at Gmail' }).getAttribute('href'), 'https://myaccount.google.com/apppasswords')
    await page.getByLabel('App password').waitFor()
    assert.equal(await page.getByText('Before you connect this address').count(), 0)
    await screenshot(page, 'mailbox_is_set_up/gmail')
    await page.getByLabel('Address your customers write to').fill('jiwoo@naver.com')
    await page.getByText('Turn IMAP/SMTP on in the settings of Naver Mail').waitFor()
    await page.getByRole('button', { name: 'Enter by hand' }).click()
    assert.equal(await card('Receiving').getByLabel('Server').inputValue(), 'imap.naver.com')
    assert.equal(await card('Receiving').getByLabel('User name').inputValue(), 'jiwoo')
  })

  await t.test('SEC-50: who connects an address of the company is told what its readers could prove with it', async () => {
    await page.getByLabel('Address your customers write to').fill(address)
    await page.getByText('Before you connect this address').waitFor()
    await page.getByText('Some services take a mail to any address of miska.example as proof').waitFor()
  })

  await t.test('of an unknown one the fields are filled in by hand, and each server is tried when its fields are left', async () => {
    await page.getByLabel('Address your customers write to').fill(address)
    await page.getByText('We do not know this provider').waitFor()
    for (const [name, { port, security, password }] of [['Receiving', dovecot.settings], ['Sending', { port: outside.port, security: 'none', password: 'any' }]]) {
      await card(name).getByLabel('Server').fill('127.0.0.1')
      await card(name).getByLabel('Protection').selectOption(security)
      await card(name).getByLabel('Port').fill(String(port))
      await card(name).getByLabel('User name').fill(name === 'Receiving' ? dovecot.user : '')
      await card(name).getByLabel('Password').fill(name === 'Receiving' ? 'guessed' : password)
    }
    await page.getByLabel('Name', { exact: true }).fill('Miska')
    await connection.getByText(/^The user name or the password is wrong/).waitFor()
    await connection.getByText(`127.0.0.1 takes mail from ${address}.`).waitFor()
    await screenshot(page, 'mailbox_is_set_up/wrong-password')
    await card('Receiving').getByLabel('Password').fill(dovecot.password)
    await page.keyboard.press('Tab')
    await connection.getByText(/^Signed in at 127\.0\.0\.1 and opened the folder INBOX\./).waitFor()
    assert.deepEqual(await seriousFindings(page), [])
    await page.getByRole('button', { name: 'Start receiving mail' }).click()
    await page.getByText('How it works').waitFor()
    assert.equal(outside.mails.length, 0)
  })

  await t.test('a test mail leaves, is awaited, and arrives; no conversation begins', async () => {
    const trip = card('Round trip')
    const send = trip.getByRole('button', { name: 'Send a test mail' })
    await until('the first look into the mailbox', () => send.isEnabled())
    await send.click()
    await trip.getByText('Waiting for it in INBOX').waitFor()
    const { raw, to } = await outside.received()
    assert.deepEqual(to, [address])
    await screenshot(page, 'mailbox_is_set_up/waiting')
    await dovecot.append(raw)
    await trip.getByText(/^Arrived after \d+ s\. Sending and receiving work\.$/).waitFor()
    await screenshot(page, 'mailbox_is_set_up/arrived')
    assert.deepEqual(await seriousFindings(page), [])
    assert.deepEqual(await api.all('/conversations?view=all_open'), [])
    const { items } = await api.get('/mails')
    assert.deepEqual(items.map(({ state, reason }) => `${state} ${reason}`), ['rejected test'])
  })

  await t.test('one that does not leave says why', async () => {
    outside.answers.MAIL = () => '550 5.7.1 This sender may not'
    await page.getByRole('button', { name: 'Send another' }).click()
    await page.getByText(/This sender may not/).waitFor()
    await screenshot(page, 'mailbox_is_set_up/refused')
  })
})
