// A mail by which a stranger could sign in as the company: it is hidden from everybody, and an administrator reveals it in
// sight of all.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { screenshot } from '../harness/browser.js'
import { letter } from '../harness/mail.js'
import { address, hire, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

const code = 'K7Q-9PM'

test('a sign-in code is hidden until an administrator reveals it', async (t) => {
  const browser = await startBrowser(t)
  const shop = await openShop(t)
  const jan = await hire(shop.server, shop.api, { name: 'Jan', email: 'jan@miska.example', inboxes: [shop.inbox] })
  const from = 'no-reply@slack.com'
  const data = letter({ from: `Slack <${from}>`, to: address, subject: `Slack confirmation code: ${code}`, text: `Your confirmation code is below.\n\n${code}\n\nhttps://slack.com/signin` })
  await sendMail(shop.server.smtpPort, { from, to: address, data })
  const { id } = await until('the conversation', async () => (await shop.api.all('/conversations'))[0])

  const teammate = await signedIn(browser, shop.server.url, jan)
  await teammate.goto(`/c/${id}`)
  await t.test('a teammate reads what it is and not what it says', async () => {
    await teammate.getByText('A sign-in code from Slack is hidden here.').waitFor()
    await teammate.getByText('An administrator can reveal it.').waitFor()
    assert.ok(!(await teammate.content()).includes('K7Q'))
    assert.equal(await teammate.getByRole('button', { name: 'Reveal' }).count(), 0)
    await screenshot(teammate, 'masked/teammate')
    await assert.rejects(jan.api.post(`/conversations/${id}/messages/${(await jan.api.all(`/conversations/${id}/messages`))[0].id}/reveal`), /403/)
  })

  const page = await signedIn(browser, shop.server.url)
  await page.goto(`/c/${id}`)
  await t.test('an administrator reveals it, and everybody sees that they did', async () => {
    await page.getByText('If you reveal it, everybody here sees that you did.').waitFor()
    await screenshot(page, 'masked/hidden')
    await page.getByRole('button', { name: 'Reveal' }).press('Enter')
    await page.getByText(code).first().waitFor()
    await page.getByRole('link', { name: 'https://slack.com/signin' }).waitFor()
    await screenshot(page, 'masked/revealed')
    await teammate.getByText('revealed a hidden message').waitFor()
    assert.ok(!(await teammate.content()).includes('K7Q'))
    await page.getByRole('button', { name: 'Hide again' }).press('Enter')
    await page.getByRole('button', { name: 'Reveal' }).waitFor()
    assert.ok(!(await page.content()).includes('K7Q'))
  })
  assert.deepEqual([...page.faults, ...teammate.faults], [])
})
