// The first road: a customer's mail appears on an open screen, the agent answers it there, the customer has the answer.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { screenshot } from '../harness/browser.js'
import { letter, newMessageId, readMail } from '../harness/mail.js'
import { address, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

const customer = { from: 'Ewa Wójcik <ewa@harbour.example>', envelope: 'ewa@harbour.example' }
const firstWords = 'Dzień dobry, Burek zjadł już całą karmę.\n안녕하세요, 다음 상자는 언제 오나요?'
const answer = 'Dziękujemy! The next box leaves tomorrow. 내일 출발합니다.'

test('a mail comes in, is answered on screen, and the customer has the answer', async (t) => {
  const browser = await startBrowser(t)
  const shop = await openShop(t)
  const page = await signedIn(browser, shop.server.url)
  await page.getByRole('link', { name: /^Unassigned/ }).click()
  await page.getByRole('heading', { name: 'Unassigned' }).waitFor()

  const firstId = newMessageId()
  await write(shop, {
    id: firstId, subject: 'Karma dla Burka — 사료', text: firstWords,
    files: [{ name: 'zdjęcie 개.txt', type: 'text/plain', content: 'Burek' }],
  })

  await t.test('it appears on the open screen without a reload', async () => {
    await page.getByRole('button', { name: '1 new' }).click()
    await page.getByRole('option', { name: /Karma dla Burka — 사료/ }).click()
    await page.getByRole('article').getByText('Burek zjadł już całą karmę').waitFor()
    await page.getByText('다음 상자는 언제 오나요?').waitFor()
    await page.getByRole('link', { name: /zdjęcie 개\.txt/ }).waitFor()
    await screenshot(page, 'customer_mails_agent_answers/received')
  })
  const id = Number(new URL(page.url()).pathname.split('/').at(-1))

  await t.test('the agent writes a note, then answers by keyboard', async () => {
    await page.keyboard.press('n')
    const note = page.getByRole('textbox', { name: 'Note text' })
    await note.fill('She always pays late: do not tell her.')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('article', { name: /^Note by/ }).waitFor()
    await until('an empty composer', async () => (await note.textContent()) === '')
    await page.keyboard.press('r')
    await page.getByRole('textbox', { name: 'Reply text' }).pressSequentially(answer)
    await page.keyboard.press('Control+Enter')
    await page.getByText('Goes out soon').waitFor()
    await page.locator('.delivery').getByText('Sent', { exact: true }).waitFor({ timeout: 30_000 })
  })

  const sent = await shop.outside.received()
  const mail = readMail(sent.data)
  const replyTo = mail.header('reply-to').match(/<([^>]+)>/)?.[1]

  await t.test('the customer receives it as it should be', () => {
    assert.deepEqual(sent.to, [customer.envelope])
    assert.equal(sent.from, address)
    assert.equal(mail.header('in-reply-to'), firstId)
    assert.equal(mail.header('references'), firstId)
    assert.match(mail.header('subject'), /^Re: Karma dla Burka — 사료$/)
    assert.match(replyTo, /^hello\+r[a-z2-7]{20,}@miska\.example$/)
    assert.match(mail.header('message-id'), /^<r\.[a-z2-7]+@miska\.example>$/)
    assert.equal(mail.header('auto-submitted'), null)
    assert.deepEqual(mail.parts.map(({ type }) => type), ['text/plain', 'text/html'])
    for (const { text } of mail.parts) {
      assert.ok(text.includes(answer), text)
      assert.ok(!text.includes('do not tell her'), 'a note left the house')
    }
    assert.ok(!sent.data.includes(Buffer.from('do not tell her').toString('base64').slice(0, 12)))
  })

  await t.test('the answer to the reply address appears in the open conversation', async () => {
    await write(shop, {
      to: replyTo, envelopeTo: replyTo, subject: 'Re: Karma dla Burka — 사료', text: 'Hurra, dziękuję!',
      headers: { 'In-Reply-To': mail.header('message-id'), References: `${firstId} ${mail.header('message-id')}` },
    })
    await page.getByRole('article').getByText('Hurra, dziękuję!').waitFor()
  })

  await t.test('answers from clients that break something find it too', async () => {
    await write(shop, { subject: 'Re: karma', text: 'Only your Message-ID is left.', headers: { 'In-Reply-To': mail.header('message-id') } })
    await page.getByRole('article').getByText('Only your Message-ID is left.').waitFor()
    await write(shop, { to: replyTo, envelopeTo: replyTo, subject: 'Coś nowego', text: 'Only the address is left.' })
    await page.getByRole('article').getByText('Only the address is left.').waitFor()
    assert.equal((await shop.api.all(`/conversations/${id}/messages`)).length, 6)
  })

  await t.test('a stranger who guesses gets a conversation of their own', async () => {
    const { number } = await shop.api.get(`/conversations/${id}`)
    const guess = replyTo.replace(/(.)@/, (_, last) => `${last === 'a' ? 'b' : 'a'}@`)
    const stranger = { from: 'Obcy <obcy@elsewhere.example>', envelope: 'obcy@elsewhere.example' }
    await write(shop, { ...stranger, subject: `Re: Karma dla Burka — 사료 #${number}`, text: 'I guessed the number.' })
    await write(shop, { ...stranger, to: guess, envelopeTo: guess, subject: 'Re: box', text: 'I guessed the address.' })
    await write(shop, { ...stranger, subject: 'Re: old', text: 'I know your first mail.', headers: { References: firstId, 'In-Reply-To': firstId } })
    const texts = async () => (await shop.api.all('/conversations?view=all_open')).map(({ id: each, excerpt }) => [each, excerpt])
    const found = await until('three conversations of the stranger', async () => {
      const others = (await texts()).filter(([each]) => each !== id)
      return others.length === 3 && others
    })
    assert.deepEqual(found.map(([, excerpt]) => excerpt).sort(), ['I guessed the address.', 'I guessed the number.', 'I know your first mail.'])
    assert.equal((await shop.api.all(`/conversations/${id}/messages`)).length, 6)
  })

  await t.test('an answer taken back is never sent', async () => {
    await page.keyboard.press('r')
    const box = page.getByRole('textbox', { name: 'Reply text' })
    await box.fill('Too fast, sorry.')
    await page.keyboard.press('Control+Enter')
    const undo = page.getByRole('button', { name: /^Undo/ })
    const anyway = page.getByRole('button', { name: 'Send anyway' })
    // The customer's last words may have come in too lately to count as seen.
    await undo.or(anyway).waitFor()
    if (await anyway.isVisible()) await anyway.click()
    await undo.click()
    await until('the words to be back in the composer', async () => (await box.textContent()) === 'Too fast, sorry.')
    const taken = (await shop.api.all(`/conversations/${id}/messages`)).at(-1)
    assert.equal(taken.delivery.state, 'cancelled')
    // A reply sent after it overtakes it; had the first one been alive, it would be here first.
    const { id: next } = await shop.api.post(`/conversations/${id}/messages`, { kind: 'reply', text: 'Second thoughts.' })
    await until('the second reply to be sent', async () =>
      (await shop.api.all(`/conversations/${id}/messages`)).find((each) => each.id === next).delivery.state === 'sent')
    assert.equal(shop.outside.mails.length, 2)
    assert.ok(shop.outside.mails.every(({ data }) => !data.includes('Too fast')))
  })
  // A 409 is how the server asks "have you seen this?".
  assert.deepEqual(page.faults.filter((fault) => !fault.includes('409')), [])
})

/** The customer writes to the shop, or somebody else does. */
function write(shop, { from = customer.from, envelope = customer.envelope, to = address, envelopeTo = address, ...mail }) {
  return sendMail(shop.server.smtpPort, { from: envelope, to: envelopeTo, data: letter({ from, to, ...mail }) })
}
