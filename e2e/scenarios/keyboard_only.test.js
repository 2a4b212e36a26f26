// An agent's work from sign-in to sign-off without a pointer.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPage } from '../harness/browser.js'
import { letter } from '../harness/mail.js'
import { owner } from '../harness/rapport.js'
import { address, openShop, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

test('everything is done by keyboard', async (t) => {
  const browser = await startBrowser(t)
  const { server, api, outside, agent_id: me } = await openShop(t)
  for (const subject of ['Sucha karma', 'Mokra karma']) {
    const from = 'ewa@harbour.example'
    await sendMail(server.smtpPort, { from, to: address, data: letter({ from, to: address, subject, text: `${subject}: kiedy?` }) })
  }
  const list = await until('both mails', async () => {
    const all = await api.all('/conversations?view=unassigned')
    return all.length === 2 && all
  })
  const first = () => api.get(`/conversations/${list[0].id}`)
  const page = await openPage(browser, server.url)
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key)
  }

  await t.test('sign in', async () => {
    await page.goto('/')
    await page.getByLabel('E-mail').waitFor()
    await page.keyboard.type(owner.email)
    await press('Tab')
    await page.keyboard.type(owner.password)
    await press('Enter')
    await page.getByRole('heading', { name: 'Mine' }).waitFor()
  })

  await t.test('go to the unassigned ones and open the first', async () => {
    await press('g', 'u')
    await page.getByRole('option').first().waitFor()
    await press('o')
    await page.getByRole('article').getByText(`${list[0].subject}: kiedy?`).waitFor()
    await press('j')
    await page.getByRole('article').getByText(`${list[1].subject}: kiedy?`).waitFor()
    await press('k')
    await page.getByRole('article').getByText(`${list[0].subject}: kiedy?`).waitFor()
  })

  await t.test('reply; Escape leaves the field, not the conversation', async () => {
    await press('r')
    const box = page.getByRole('textbox', { name: 'Reply text' })
    await until('the focus in the reply', () => box.evaluate((element) => element === document.activeElement))
    await page.keyboard.type('Jutro.')
    await press('Escape')
    await until('the focus out of the reply', () => box.evaluate((element) => element !== document.activeElement))
    await page.getByRole('article').first().waitFor()
    assert.match(page.url(), new RegExp(`/c/${list[0].id}\\b`))
    await press('r')
    await until('the focus back', () => box.evaluate((element) => element === document.activeElement))
    await page.keyboard.type(' Rano.')
    await press('Control+Enter')
    await page.getByText('Goes out soon').waitFor()
    await until('the composer to be empty', async () => (await box.textContent()) === '')
    await press('z')
    await until('the reply to be taken back', async () => (await box.textContent()) === 'Jutro. Rano.')
    await press('Control+Enter')
    assert.match((await outside.received(1, { within: 30_000 })).data, /Jutro\. Rano\./)
    const states = (await api.all(`/conversations/${list[0].id}/messages`)).map(({ delivery }) => delivery?.state)
    assert.deepEqual(states.slice(1, 2), ['cancelled'])
    assert.equal(states.length, 3)
  })

  await t.test('what was sent does not stand in the composer again', async () => {
    await press('n')
    const note = page.getByRole('textbox', { name: 'Note text' })
    await until('the focus in the note', () => note.evaluate((element) => element === document.activeElement))
    await press('Escape')
    await until('the focus out of the note', () => note.evaluate((element) => element !== document.activeElement))
    await press('r')
    const box = page.getByRole('textbox', { name: 'Reply text' })
    await until('the focus in the reply', () => box.evaluate((element) => element === document.activeElement))
    assert.equal(await box.textContent(), '')
    await press('Escape')
  })

  await t.test('take it, close it, undo', async () => {
    await until('the composer to be left', () => page.evaluate(() => document.activeElement === document.body || !document.activeElement.isContentEditable))
    await press('i')
    await until('it to be mine', async () => (await first()).assignee_id === me)
    const before = (await first()).status
    await press('e')
    await until('it to be closed', async () => (await first()).status === 'closed')
    await press('z')
    await until('it to be as before', async () => (await first()).status === before)
  })

  await t.test('find an action in the palette, look up the keys, go back to the list', async () => {
    await press('Control+k')
    await page.getByRole('combobox', { name: 'Search or jump' }).waitFor()
    await page.keyboard.type('priority')
    await press('Enter')
    await page.getByRole('combobox', { name: 'Priority…' }).waitFor()
    await page.keyboard.type('urgent')
    await press('Enter')
    await until('it to be urgent', async () => (await first()).priority === 'urgent')
    await press('?')
    await page.getByRole('dialog').getByText('Assign to me').waitFor()
    await press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await press('u')
    await page.getByRole('article').first().waitFor({ state: 'detached' })
  })
  // 404 is how the server says that there is no draft.
  assert.deepEqual(page.faults.filter((fault) => !/ 401 | 409 |drafts/.test(fault)), [])
})
