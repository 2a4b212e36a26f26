// A mailbox whose provider wants OAuth: an app is registered, its user says yes at the provider, and when the leave is taken back a red line leads to signing in again.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seriousFindings } from '../harness/axe.js'
import { screenshot } from '../harness/browser.js'
import { startDns } from '../harness/dns.js'
import { startDovecot } from '../harness/dovecot.js'
import { byToken, startOauthServer } from '../harness/oauth.js'
import { startRapport } from '../harness/rapport.js'
import { address, hire, signedIn, startBrowser } from '../harness/shop.js'
import { startSmtpServer } from '../harness/smtp-server.js'
import { until } from '../harness/wait.js'

const mail = (n) => `From: Ewa <ewa@harbour.example>\r\nTo: ${address}\r\nSubject: Bowl ${n}\r\nMessage-ID: <${n}@harbour.example>\r\n\r\nThe bowl ${n} is broken.\r\n`

test('a mailbox is connected by OAuth, and connected again after its leave was taken back', async (t) => {
  const browser = await startBrowser(t)
  const provider = await startOauthServer({ user: address })
  t.after(() => provider.close())
  const dovecot = await startDovecot({ introspect: `${provider.url}/introspect?token=` })
  t.after(() => dovecot.close())
  const outside = await startSmtpServer({ answers: byToken(provider) })
  t.after(outside.close)
  const dns = await startDns({ 'MX miska.example': ['in1-smtp.messagingengine.com'] })
  t.after(dns.close)
  const server = await startRapport({ env: { RAPPORT_DNS: dns.address } })
  t.after(() => server.close())
  const { api } = await server.setup()
  const page = await signedIn(browser, server.url)
  const sheet = page.locator('#sheet')
  const card = (name) => page.locator('section.card').filter({ has: page.getByRole('heading', { name, exact: true }) })
  const fetched = (n) => until(`${n} mails fetched`, async () => (await api.get('/mails')).items.filter(({ state }) => state === 'applied').length === n)
  const enterServers = async () => {
    for (const [name, { port, security }] of [['Receiving', dovecot.settings], ['Sending', { port: outside.port, security: 'none' }]]) {
      await card(name).getByLabel('Server').fill('127.0.0.1')
      await card(name).getByLabel('Protection').selectOption(security)
      await card(name).getByLabel('Port').fill(String(port))
    }
  }

  await t.test('of Google and Microsoft the way in is their own page', async () => {
    await page.goto('/settings/inboxes/new?channel=email')
    await page.getByLabel('Address your customers write to').fill('hanna@outlook.com')
    await page.getByText("Sign in at Microsoft's own page").waitFor()
    await page.getByLabel('Directory (tenant) ID').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Sign in with Microsoft' }).isEnabled(), false)
    assert.equal(await page.getByRole('button', { name: 'Start receiving mail' }).isEnabled(), false)
    await page.getByText(`${server.url}/settings/oauth`, { exact: true }).waitFor()
    assert.deepEqual(await seriousFindings(page), [])
    await screenshot(page, 'mailbox_is_connected_by_oauth/microsoft')
    await page.getByLabel('Address your customers write to').fill('hanna@gmail.com')
    await page.getByRole('button', { name: 'Sign in with Google' }).waitFor()
    await screenshot(page, 'mailbox_is_connected_by_oauth/google')
    await page.getByRole('button', { name: 'Use an app password instead' }).click()
    await page.getByLabel('App password').waitFor()
  })

  await t.test('who says no comes back to the set-up as it was left', async () => {
    await page.getByLabel('Address your customers write to').fill(address)
    await page.getByText('Recognised by in1-smtp.messagingengine.com').waitFor()
    await page.getByRole('button', { name: 'Enter by hand' }).click() // servers of their own, whoever takes mail for the domain
    await enterServers()
    await page.getByLabel('Name', { exact: true }).fill('Miska by OAuth')
    await page.getByRole('button', { name: 'Sign in with OAuth instead of a password' }).click()
    await page.getByLabel('Address of the sign-in page').fill(`${provider.url}/authorize`)
    await page.getByLabel('Address of the token server').fill(`${provider.url}/token`)
    await page.getByLabel('Scopes').fill('mail')
    await page.getByLabel('Client ID').fill(provider.clientId)
    await page.getByLabel('Client secret').fill(provider.clientSecret)
    await screenshot(page, 'mailbox_is_connected_by_oauth/by-hand')
    await page.getByLabel('Client secret').press('Enter') // the card's own button, not the form's
    await page.getByRole('link', { name: 'Deny' }).click()
    await page.getByText('did not let Rapport in').waitFor()
    await screenshot(page, 'mailbox_is_connected_by_oauth/denied')
    await page.getByRole('link', { name: 'Back to the set-up' }).click()
    await page.getByText('Recognised by in1-smtp.messagingengine.com').waitFor()
    assert.equal(await page.getByLabel('Client ID').inputValue(), provider.clientId)
    assert.equal(await page.getByLabel('Client secret').inputValue(), '')
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Miska by OAuth')
    assert.equal(await card('Receiving').getByLabel('Port').inputValue(), String(dovecot.port))
  })

  await t.test('who says yes sees each server answer, and mail comes', async () => {
    await page.getByLabel('Client secret').fill(provider.clientSecret)
    await page.getByRole('button', { name: 'Sign in with the provider' }).click()
    const back = await page.getByRole('link', { name: 'Allow' }).getAttribute('href')
    const other = await signedIn(browser, server.url, await hire(server, api, { name: 'Marek', email: 'marek@miska.example', role: 'admin' }))
    await other.goto(back) // somebody else, who was sent the address
    await other.getByText('was begun by somebody else').waitFor()
    await other.context().close()
    await page.getByRole('link', { name: 'Allow' }).click()
    await card('Connection').getByText(/^Signed in at 127\.0\.0\.1 and opened the folder INBOX\./).waitFor()
    await card('Connection').getByText(`127.0.0.1 takes mail from ${address}.`).waitFor()
    assert.equal(await card('Receiving').getByLabel('Password').count(), 0)
    assert.deepEqual(await seriousFindings(page), [])
    await screenshot(page, 'mailbox_is_connected_by_oauth/signed-in')
    await page.getByRole('button', { name: 'Start receiving mail' }).click()
    await sheet.getByText('No password is kept.').waitFor()
    await screenshot(page, 'mailbox_is_connected_by_oauth/connected')
    const inbox = (await api.get('/inboxes')).items[0]
    assert.equal(inbox.name, 'Miska by OAuth')
    assert.doesNotMatch(JSON.stringify(inbox), /access-|renew-/)
    await until('the first look into the mailbox', async () => (await api.get(`/inboxes/${inbox.id}`)).last_fetch_at)
    await dovecot.append(mail(1))
    await fetched(1)
  })

  await t.test('a leave that was taken back is a red line, and after signing in again the mail that waited comes once', async () => {
    provider.revoke()
    await dovecot.stop() // it asks about a token when one signs in
    await dovecot.start()
    await page.goto('/')
    const line = page.getByRole('alert').filter({ hasText: `${address} must be connected again` })
    const mute = line.filter({ hasText: 'No inbox can send, so nobody gets a mail about it.' }) // it is the only one
    await mute.waitFor()
    await screenshot(page, 'mailbox_is_connected_by_oauth/lost')
    await dovecot.append(mail(2))
    await line.getByRole('link', { name: 'Reconnect' }).click()
    await page.getByText('New mail waits at the provider').waitFor()
    assert.deepEqual(await seriousFindings(page), [])
    await screenshot(page, 'mailbox_is_connected_by_oauth/reconnect')
    await page.getByRole('button', { name: 'Enter a new client secret' }).press('Enter')
    await page.getByLabel('Client secret').fill(provider.clientSecret)
    await page.getByLabel('Client secret').press('Enter')
    await page.getByRole('link', { name: 'Allow' }).click()
    await sheet.getByText('No password is kept.').waitFor()
    await line.waitFor({ state: 'detached' })
    await fetched(2)
    assert.equal((await api.get('/mails')).items.length, 2)
    assert.doesNotMatch(server.log(), /access-[0-9a-f]|renew-[0-9a-f]/)
    assert.doesNotMatch(server.log(), new RegExp(provider.clientSecret))
  })
})
