// The DNS of a company's domain is looked at while its mailbox is set up: what to publish is shown, and mail is signed once the key's line is seen.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seriousFindings } from '../harness/axe.js'
import { screenshot } from '../harness/browser.js'
import { startDns } from '../harness/dns.js'
import { startRapport } from '../harness/rapport.js'
import { address, openInbox, signedIn, startBrowser, through } from '../harness/shop.js'
import { startSmtpServer } from '../harness/smtp-server.js'

test('the lines to publish are shown, and seen when they are there', async (t) => {
  const browser = await startBrowser(t)
  const outside = await startSmtpServer()
  t.after(outside.close)
  const dns = await startDns({ 'MX miska.example': ['in1-smtp.messagingengine.com'], 'TXT miska.example': ['v=spf1 include:_spf.shop.example -all'], 'TXT _dmarc.miska.example': ['v=DMARC1; p=none; rua=mailto:dmarc@miska.example'] })
  t.after(dns.close)
  const server = await startRapport({ env: { RAPPORT_DNS: dns.address } })
  t.after(() => server.close())
  const { api } = await server.setup()
  const page = await signedIn(browser, server.url)
  const domain = page.locator('section.card').filter({ has: page.getByRole('heading', { name: 'What the DNS says of miska.example' }) })

  await t.test('a provider is recognised by who takes the mail, and the record that exists is kept in the new one', async () => {
    await page.goto('/settings/inboxes/new?channel=email')
    await page.getByLabel('Address your customers write to').fill(address)
    await page.getByText('Recognised by in1-smtp.messagingengine.com').waitFor()
    await domain.getByText('miska.example does not allow your mail server to send for it.').waitFor()
    await domain.getByText('v=spf1 include:_spf.shop.example include:spf.messagingengine.com -all').waitFor()
    await domain.getByText('there is no key at fm1._domainkey.miska.example').waitFor()
    await domain.getByText('v=DMARC1; p=quarantine; rua=mailto:dmarc@miska.example').waitFor()
    await screenshot(page, 'domain_is_published/wizard')
    assert.deepEqual(await seriousFindings(page), [])
  })

  await t.test('a key signs once its lines are seen', async () => {
    const inbox = await openInbox(api, { smtp: through(outside) })
    const mail = async () => {
      await api.post(`/inboxes/${inbox.id}/round-trip`)
      return (await outside.received(outside.mails.length + 1)).data
    }
    await page.goto(`/settings/inboxes/${inbox.id}`)
    await domain.getByRole('button', { name: 'Make a key' }).click()
    await domain.getByText('The key waits for its lines in the DNS.').waitFor()
    await screenshot(page, 'domain_is_published/key-waits')
    assert.doesNotMatch(await mail(), /DKIM-Signature/)
    for (const line of await domain.getByRole('group', { name: /_domainkey/ }).all()) {
      const [name, value] = await line.locator('code').allTextContents()
      dns.zone[`TXT ${name}`] = [value]
    }
    await domain.getByRole('button', { name: 'Check again' }).click()
    await domain.getByText(/^Mail is signed with rapport/).waitFor()
    await screenshot(page, 'domain_is_published/signed')
    const signed = await mail()
    assert.equal(signed.match(/^DKIM-Signature:/gm)?.length, 2)
    assert.match(signed, /d=miska\.example/)
    assert.deepEqual(await seriousFindings(page), [])
  })
})
