// The first half hour: the link the server prints, a workspace, a mailbox with its connection test, a teammate by a copied link.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPage, screenshot } from '../harness/browser.js'
import { letter } from '../harness/mail.js'
import { freePort } from '../harness/process.js'
import { startRapport } from '../harness/rapport.js'
import { address, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { startSmtpServer } from '../harness/smtp-server.js'
import { until } from '../harness/wait.js'

test('a company sets itself up in the browser', async (t) => {
  const browser = await startBrowser(t)
  const outside = await startSmtpServer()
  t.after(outside.close)
  const server = await startRapport()
  t.after(() => server.close())
  const link = server.log().match(/set up\s+(\S+)/)[1]
  const page = await openPage(browser, server.url)

  await t.test('the link opens the workspace, once', async () => {
    await page.goto(`${server.url}/setup?token=rsu_guessed`)
    await page.getByText('This link does not open the door').waitFor()
    await page.goto(link)
    await page.getByLabel('Name of your company').fill('Miska 미스카')
    await page.getByLabel('Your name').fill('Hanna Żółć')
    await page.getByLabel('E-mail').fill('hanna@miska.example')
    await page.getByLabel('Password').fill('the-dog-eats-at-seven')
    await page.getByRole('button', { name: 'Open the workspace' }).click()
    await page.getByRole('heading', { name: /Hanna/ }).waitFor()
    await screenshot(page, 'first_run/inside')
    const late = await openPage(browser, server.url)
    await late.goto(link)
    await late.getByText('Rapport is already set up').waitFor()
    await late.context().close()
  })

  await t.test('the connection test says in words what is wrong, and the mailbox is connected', async () => {
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('link', { name: 'Inboxes' }).click()
    await page.getByRole('link', { name: 'Add an inbox' }).first().click()
    await page.getByRole('link', { name: 'Mail', exact: false }).filter({ hasText: 'IMAP' }).click()
    await page.getByLabel('Address your customers write to').fill(address)
    await page.getByText('We do not know this provider').waitFor()
    await page.getByLabel('Name', { exact: true }).fill('Miska')
    await page.getByRole('switch', { name: 'IMAP' }).click()
    const sending = page.locator('section.card').filter({ has: page.getByRole('heading', { name: 'Sending' }) })
    await sending.getByLabel('Server').fill('127.0.0.1')
    await sending.getByLabel('Protection').selectOption('none')
    await sending.getByLabel('Port').fill(String(await freePort()))
    await sending.getByLabel('Password').fill('mailbox-of-the-shop')
    await page.keyboard.press('Tab')
    const connection = page.locator('section.card').filter({ has: page.getByRole('heading', { name: 'Connection' }) })
    await connection.getByText(/^127\.0\.0\.1 refuses connections on port \d+\.$/).waitFor()
    await screenshot(page, 'first_run/nobody-there')

    await sending.getByLabel('Port').fill(String(outside.port))
    await sending.getByLabel('Password').focus()
    await connection.getByText(`127.0.0.1 takes mail from ${address}.`).waitFor()
    await page.getByRole('button', { name: 'Start receiving mail' }).click()
    await page.getByText('How it works').waitFor()
    assert.equal(outside.mails.length, 0)
  })

  await t.test('a teammate joins by the copied link and sees the mail that comes', async () => {
    await page.goto('/settings/teammates')
    await page.getByRole('button', { name: 'Invite' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('E-mail').fill('jan@miska.example')
    await dialog.getByLabel('Name').fill('Jan')
    await dialog.getByRole('button', { name: 'Invite' }).click()
    const invitation = await dialog.locator('code').textContent()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('row', { name: /jan@miska\.example/ }).getByText('Invited').waitFor()

    const jan = await openPage(browser, server.url)
    await jan.goto(invitation)
    await jan.getByRole('heading', { name: 'Join Miska 미스카' }).waitFor()
    assert.equal(await jan.getByLabel('Your name').inputValue(), 'Jan')
    await jan.getByLabel('Password').fill('jan-walks-the-dogs')
    await jan.getByRole('button', { name: 'Join' }).click()
    await jan.getByRole('heading', { name: /Jan/ }).waitFor()
    await page.getByRole('row', { name: /jan@miska\.example/ }).getByText('Invited').waitFor({ state: 'detached' })
    await jan.goto('/settings/teammates')
    assert.equal(await jan.getByRole('button', { name: 'Invite' }).count(), 0)

    // A teammate sees an inbox when they are given it.
    await page.goto('/settings/inboxes')
    await page.getByRole('link', { name: /Miska/ }).filter({ hasText: address }).click()
    await page.getByLabel('Jan').click()
    await until('the server to agree', () => page.getByLabel('Jan').isChecked())
    await jan.goto('/?view=unassigned')
    await jan.getByRole('heading', { name: 'Unassigned' }).waitFor()
    const from = 'ewa@harbour.example'
    await sendMail(server.smtpPort, { from, to: address, data: letter({ from, to: address, subject: 'Sucha karma', text: 'Kiedy?' }) })
    await jan.getByRole('button', { name: '1 new' }).click()
    await jan.getByRole('option', { name: /Sucha karma/ }).waitFor()
    assert.deepEqual(jan.faults.filter((fault) => !fault.includes('401')), [])
  })
  assert.deepEqual(page.faults.filter((fault) => !fault.includes('401')), [])
})
