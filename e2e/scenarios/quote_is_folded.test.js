// What a mail repeats from earlier mails folds behind its new words and opens by a key; what stands among somebody's own words is
// never hidden, and all of it can be read in the dark, also when the dark comes later.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seriousFindings } from '../harness/axe.js'
import { screenshot } from '../harness/browser.js'
import { newMessageId } from '../harness/mail.js'
import { address, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

const ewa = 'ewa@harbour.example'
const head = (subject, type) => `From: Ewa Marsh <${ewa}>\r\nTo: ${address}\r\nSubject: ${subject}\r\nMessage-ID: ${newMessageId()}\r\nMIME-Version: 1.0\r\nContent-Type: ${type}; charset=utf-8\r\n\r\n`
const mails = {
  'From Outlook': ['text/html', '<p>Yes, please.</p><div style="border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Miska<br><b>Sent:</b> Friday<br><b>Subject:</b> Bowl</p></div><p>We can send a new bowl.</p>'],
  'From Apple Mail': ['text/html', '<p>Yes, please.</p><p>On Friday Miska wrote:</p><blockquote type="cite"><p>We can send a new bowl.</p></blockquote>'],
  'As plain text': ['text/plain', 'Yes, please.\r\n\r\nOn Friday, Miska <hello@miska.example> wrote:\r\n> We can send a new bowl.\r\n>> Mine is broken.'],
}

test('a quote is folded', async (t) => {
  const browser = await startBrowser(t)
  const shop = await openShop(t)
  const page = await signedIn(browser, shop.server.url)
  const arrive = async (subject, type, body) => {
    await sendMail(shop.server.smtpPort, { from: ewa, to: address, data: `${head(subject, type)}${body}\r\n` })
    const { id } = await until('the conversation', async () => (await shop.api.all('/conversations')).find((each) => each.subject === subject))
    await page.goto(`/c/${id}`)
    const mail = page.getByRole('article').first()
    const within = type === 'text/html' ? mail.frameLocator('iframe') : mail
    return { mail, say: (words) => within.getByText(words) }
  }

  for (const [subject, [type, body]] of Object.entries(mails)) {
    await t.test(subject, async () => {
      const { mail, say } = await arrive(subject, type, body)
      await say('Yes, please.').waitFor()
      const fold = mail.getByRole('button', { name: 'Show quoted text' })
      await fold.waitFor()
      assert.equal(await say('We can send a new bowl.').isVisible(), false)
      await screenshot(page, `quote_is_folded/${subject}`)
      await fold.press('Enter')
      await say('We can send a new bowl.').waitFor()
      assert.deepEqual(await seriousFindings(page), [])
      await screenshot(page, `quote_is_folded/${subject}, open`)
      await mail.getByRole('button', { name: 'Hide quoted text' }).press('Enter')
      await say('We can send a new bowl.').waitFor({ state: 'hidden' })
    })
  }

  await t.test('what stands among the words of a mail stays, and turns light when it gets dark', async () => {
    const { mail, say } = await arrive('The oven', 'text/html', '<p>The label says:</p><blockquote>Not for the oven.</blockquote><p>But I did. Is that bad?</p>')
    await say('Not for the oven.').waitFor()
    assert.equal(await mail.getByRole('button', { name: 'Show quoted text' }).count(), 0)
    const lightness = () => say('Not for the oven.').evaluate((words) => Number(getComputedStyle(words).color.match(/\d+/)[0]))
    assert.ok((await lightness()) < 120)
    await page.emulateMedia({ colorScheme: 'dark' })
    await until('words that can be read in the dark', async () => (await lightness()) > 140)
    await screenshot(page, 'quote_is_folded/dark')
  })
  assert.deepEqual(page.faults, [])
})
