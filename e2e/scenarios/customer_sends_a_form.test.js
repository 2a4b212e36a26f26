// A form: made on the settings screen by keys, filled in without a script, in a frame of the shop's site and in none of a stranger's; answered by mail.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { seriousFindings } from '../harness/axe.js'
import { openPage, screenshot } from '../harness/browser.js'
import { letter, readMail } from '../harness/mail.js'
import { openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

const customer = 'ewa@harbour.example'
const words = 'Jedna torba cieknie.\n두 번째는 괜찮아요.'
const minAge = 3_100 // a page that is sent sooner is held up as a program's

test('a form is made, sent without a script, answered by mail, and shown on allowed sites only', async (t) => {
  const browser = await startBrowser(t)
  const shop = await openShop(t)
  const [mine, foreign] = [await openSite(t), await openSite(t)]
  const agent = await signedIn(browser, shop.server.url)
  let link

  await t.test('an admin makes it, moves a field by keys and allows a site', async () => {
    await agent.goto('/settings/inboxes/new')
    await agent.getByRole('link', { name: /^Form/ }).click()
    await agent.getByRole('textbox', { name: 'Name', exact: true }).fill('Contact form')
    const fields = agent.locator('.form-fields > li')
    const labels = () => fields.evaluateAll((all) => all.map((field) => field.getAttribute('aria-label')))
    assert.deepEqual(await labels(), ['Name', 'E-mail', 'Subject', 'How can we help?', 'Photos or files'])
    await agent.getByRole('button', { name: 'Add a field' }).press('Enter')
    await agent.getByRole('menuitem', { name: 'Choice' }).press('Enter')
    await until('the new field to have the focus', () => fields.last().getByLabel('Label').evaluate((input) => input === document.activeElement))
    await agent.keyboard.type('Which dog?')
    await agent.getByText('A field has no answers to choose from').waitFor()
    await agent.getByLabel('Answers to choose from').fill('Burek\nReksio')
    await agent.keyboard.press('Alt+ArrowUp')
    await agent.keyboard.press('Alt+ArrowUp')
    assert.deepEqual(await labels(), ['Name', 'E-mail', 'Subject', 'Which dog?', 'How can we help?', 'Photos or files'])
    await until('the focus to stay where it was', () => agent.getByLabel('Answers to choose from').evaluate((area) => area === document.activeElement))
    const preview = agent.frameLocator('iframe[title="Preview of the form"]')
    await preview.getByLabel('Which dog?').waitFor()
    await agent.getByLabel('Address of a site').fill(mine.origin)
    await agent.keyboard.press('Enter')
    await agent.getByRole('button', { name: 'Make the form' }).click()
    await agent.getByText('The form is there.').waitFor()
    await agent.getByRole('heading', { name: 'Share it' }).waitFor()
    link = await agent.locator('.form-share code').first().textContent()
    assert.match(link, new RegExp(`^${shop.server.url}/forms/fm_[a-z2-7]{32}$`))
    assert.deepEqual(await seriousFindings(agent), [])
    await screenshot(agent, 'customer_sends_a_form/settings')
  })

  const visitor = await openPage(browser, shop.server.url, { javaScriptEnabled: false, locale: 'pl-PL' })

  await t.test('without a script: what is wrong is said, and nothing typed is lost', async () => {
    await visitor.goto(link)
    await visitor.getByRole('heading', { name: 'Napisz do nas' }).waitFor()
    await visitor.getByLabel('Imię i nazwisko').fill('Ewa "Żółć" <Marsh>')
    await visitor.getByLabel('E-mail').fill('ewa@harbour')
    await visitor.getByLabel('Which dog?').selectOption('Reksio')
    await visitor.getByLabel('W czym możemy pomóc?').fill(words)
    await visitor.getByRole('button', { name: 'Wyślij wiadomość' }).click()
    await visitor.getByText('Jedna rzecz wymaga poprawy.').waitFor()
    assert.equal(await visitor.getByLabel('Imię i nazwisko').inputValue(), 'Ewa "Żółć" <Marsh>')
    assert.equal(await visitor.getByLabel('W czym możemy pomóc?').inputValue(), words)
    assert.equal(await visitor.getByLabel('Which dog?').inputValue(), 'Reksio')
    await screenshot(visitor, 'customer_sends_a_form/errors')
  })

  let reference
  await t.test('it is sent, the reference is shown, and a reload sends nothing', async () => {
    await visitor.getByLabel('E-mail').fill(customer)
    await visitor.getByLabel('Zdjęcia lub pliki').setInputFiles({ name: 'zdjęcie 개.txt', mimeType: 'text/plain', buffer: Buffer.from('Reksio') })
    await visitor.waitForTimeout(minAge)
    await visitor.getByRole('button', { name: 'Wyślij wiadomość' }).click()
    await visitor.getByRole('heading', { name: 'Dziękujemy. Wiadomość dotarła.' }).waitFor()
    reference = await visitor.locator('.ref code').textContent()
    assert.match(reference, /^[2-9A-Z]{4}-[2-9A-Z]{4}$/)
    await visitor.reload()
    await visitor.getByText(reference).waitFor()
    assert.deepEqual(await visitor.context().cookies(), [])
    await screenshot(visitor, 'customer_sends_a_form/sent')
  })

  await t.test('the agent finds it by its reference, marked as unverified, and answers by mail', async () => {
    await agent.goto('/?view=all_open')
    await agent.getByRole('option').first().click()
    const message = agent.getByRole('article').first()
    await message.getByText('Jedna torba cieknie.').waitFor()
    for (const said of ['Which dog? Reksio', `Reference: ${reference}`, 'Not verified']) await message.getByText(said).waitFor()
    await agent.getByRole('link', { name: /zdjęcie 개\.txt/ }).waitFor()
    await agent.getByText('hello@miska.example').first().waitFor()
    assert.equal((await shop.api.all(`/conversations?q=${reference.toLowerCase()}`)).length, 1)
    assert.equal((await shop.api.all('/conversations')).length, 1)
    assert.equal(shop.outside.mails.length, 0)
    await agent.keyboard.press('r')
    await agent.getByRole('textbox', { name: 'Reply text' }).pressSequentially('A new bag is on its way.')
    await agent.keyboard.press('Control+Enter')
    const sent = await shop.outside.received()
    const mail = readMail(sent.data)
    assert.deepEqual(sent.to, [customer])
    assert.ok(mail.header('subject').includes(reference))
    assert.ok(!mail.parts.some(({ text }) => text.includes('cieknie')), 'a typed address was told what was typed')
    const to = mail.header('reply-to').match(/<([^>]+)>/)[1]
    await sendMail(shop.server.smtpPort, { from: customer, to, data: letter({ from: customer, to, subject: 'Re: paczka', text: 'Dziękuję!' }) })
    await agent.getByRole('article').getByText('Dziękuję!').waitFor()
    assert.equal((await shop.api.all('/conversations')).length, 1)
    assert.equal(shop.outside.mails.length, 1)
    await screenshot(agent, 'customer_sends_a_form/conversation')
  })

  await t.test('the shop\'s site shows it in a frame, where it can be sent', async () => {
    const page = await openPage(browser, mine.origin, { locale: 'ko-KR' })
    mine.html = `<!doctype html><title>Shop</title><h1>The shop</h1><iframe src="${link}?embed=1" title="Form" style="width:100%;height:860px;border:0"></iframe><p><a href="${link}">Form</a></p>`
    await page.goto('/')
    const frame = page.frameLocator('iframe')
    await frame.getByLabel('이메일').fill(customer)
    await frame.getByLabel('무엇을 도와드릴까요?').fill('상자가 늦어요.')
    await screenshot(page, 'customer_sends_a_form/embedded')
    await page.waitForTimeout(minAge)
    await frame.getByRole('button', { name: '메시지 보내기' }).click()
    await frame.getByRole('heading', { name: '감사합니다. 메시지가 도착했습니다.' }).waitFor()
    assert.equal(new URL(page.url()).origin, mine.origin)
    await until('a second conversation', async () => (await shop.api.all('/conversations')).length === 2)
    assert.deepEqual(page.faults, [])
  })

  await t.test('a stranger\'s site gets nothing to see', async () => {
    const page = await openPage(browser, foreign.origin)
    foreign.html = `<!doctype html><title>Trap</title><h1>Trap</h1><iframe src="${link}?embed=1"></iframe><iframe src="${link}"></iframe>`
    await page.goto('/')
    await until('both frames to be refused', () => page.faults.filter((fault) => fault.includes('frame-ancestors') || fault.includes('X-Frame-Options')).length >= 2)
    for (const frame of page.frames().slice(1)) assert.equal(await frame.locator('form').count(), 0)
  })
  assert.deepEqual(agent.faults, [])
})

/** A site of somebody on an origin of its own; what it shows is set later. */
async function openSite(t) {
  const site = { html: '' }
  const server = createServer((_, answer) => answer.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(site.html))
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  t.after(() => new Promise((done) => { server.closeAllConnections(); server.close(done) }))
  site.origin = `http://127.0.0.1:${server.address().port}`
  return site
}
