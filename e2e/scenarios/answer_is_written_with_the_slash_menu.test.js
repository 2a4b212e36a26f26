// An answer from a snippet by keyboard alone: found, filled, stopped where something is missing, then sent and put to sleep or closed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter } from '../harness/mail.js'
import { address, hire, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

test('an answer is written with the slash menu', async (t) => {
  const browser = await startBrowser(t)
  const { server, api, inbox, outside, agent_id: me } = await openShop(t)
  await api.post('/snippets', { name: 'Refund on its way', text: 'Dear {{customer.first_name|there}},\n\nyour refund is on its way.\n\n{{agent.first_name}}', shared: true, approved: true })
  await api.post('/snippets', { name: 'Refund of an order', text: 'Dear {{customer.first_name}}, it is refunded.', shared: true })
  await api.post('/macros', { name: 'Take and tag', shared: true, actions: [{ do: 'reply', text: 'Hello {{customer.first_name|friend}}, I am on it.' }, { do: 'assign', me: true }, { do: 'tags', add: ['refund'] }] })
  const from = 'ewa@harbour.example'
  await sendMail(server.smtpPort, { from, to: address, data: letter({ from, to: address, subject: 'Zwrot', text: 'Kiedy?' }) })
  const [{ id }] = await until('the mail', async () => {
    const list = await api.all('/conversations?view=all_open')
    return list.length && list
  })
  const now = () => api.get(`/conversations/${id}`)
  const page = await signedIn(browser, server.url)
  await page.goto(`/c/${id}?view=all_open`)
  await page.getByRole('article').getByText('Kiedy?').waitFor()
  const box = page.getByRole('textbox', { name: 'Reply text' })
  const menu = page.getByRole('listbox', { name: 'Snippets, macros and actions to insert' })
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  const begin = async () => {
    await press('r')
    await until('the focus in the reply', () => box.evaluate((element) => element === document.activeElement))
  }

  await t.test('a snippet is found by a few letters, shown beside, and comes filled', async () => {
    await begin()
    await page.keyboard.type('/ref')
    await menu.getByRole('option').first().waitFor()
    await page.keyboard.type(' way')
    await until('only one to be left', async () => (await menu.getByRole('option').count()) === 1)
    await page.locator('.caret-aside').getByText('Dear there').waitFor()
    await page.locator('.caret-aside').getByText('An approved answer').waitFor()
    await press('Enter')
    await menu.waitFor({ state: 'detached' })
    assert.match(await box.innerText(), /Dear there,\s+your refund is on its way\./)
    await until('the use to be counted', async () => (await api.all('/snippets')).some(({ uses }) => uses === 1))
    await press('Control+a', 'Backspace')
  })

  await t.test('Escape leaves a slash a slash', async () => {
    await page.keyboard.type('either /ref')
    await menu.getByRole('option').first().waitFor()
    await press('Escape')
    await menu.waitFor({ state: 'detached' })
    assert.equal(await box.innerText(), 'either /ref')
    await press('Control+a', 'Backspace')
  })

  await t.test('what is missing stops the sending and is named; the next letters take its place', async () => {
    await page.keyboard.type('/of an order')
    await menu.getByRole('option', { name: /Refund of an order/ }).waitFor()
    await press('Tab')
    await box.locator('.variable.open').waitFor()
    await press('Control+Enter')
    const stop = page.getByRole('alert').filter({ hasText: '{{customer.first_name}}' })
    await stop.getByText('Nothing is known here').waitFor()
    assert.equal(await stop.getByRole('button', { name: 'Send anyway' }).count(), 0)
    assert.deepEqual((await api.all(`/conversations/${id}/messages`)).length, 1)
    await page.keyboard.type('Ewa')
    await until('the text to be whole', async () => (await box.innerText()) === 'Dear Ewa, it is refunded.')
  })

  await t.test('sent and put to sleep', async () => {
    await press('Control+Alt+Enter')
    await page.getByRole('combobox', { name: /snooze/ }).waitFor()
    await press('ArrowDown', 'Enter')
    await until('it to sleep', async () => (await now()).snoozed_until !== null)
    await until('the composer to be empty', async () => (await box.textContent()) === '')
    assert.match((await outside.received(1, { within: 40_000 })).data, /Dear Ewa, it is refunded/)
  })

  await t.test('a macro does what it says and leaves its answer to be sent; sent and closed', async () => {
    await begin()
    await page.keyboard.type('/take and')
    await menu.getByRole('option', { name: /Take and tag/ }).waitFor()
    await press('Enter')
    await until('its answer in the text', async () => (await box.innerText()) === 'Hello friend, I am on it.')
    const after = await until('it to be mine', async () => {
      const each = await now()
      return each.assignee_id === me && each
    })
    assert.deepEqual(after.tags, ['refund'])
    await press('Control+Shift+Enter')
    await until('it to be closed', async () => (await now()).status === 'closed')
    assert.match((await outside.received(2, { within: 40_000 })).data, /I am on it/)
  })

  await t.test('whoever wants it is told of a harsh tone and of slips; nothing is sent meanwhile', async () => {
    await page.goto('/settings')
    await page.getByRole('switch', { name: /Look at the tone and spelling/ }).click()
    await page.goto(`/c/${id}?view=all_open`)
    await page.getByRole('article').first().waitFor()
    const before = (await api.all(`/conversations/${id}/messages`)).length
    await begin()
    await page.keyboard.type('Hello Ewa, it is your fault that we did not recieve it.')
    await press('Control+Enter')
    const stop = page.locator('.stop')
    await stop.getByText('Blaming:').waitFor()
    await stop.getByText('Probably “receive”.').waitFor()
    assert.equal((await api.all(`/conversations/${id}/messages`)).length, before)
    await stop.getByRole('button', { name: 'Edit' }).click()
    await press('Control+a', 'Backspace')
  })

  await t.test('in a note a teammate is mentioned; from an answer the way leads to a note', async () => {
    const piotr = await hire(server, api, { name: 'Piotr Wilk', email: 'piotr@miska.example', inboxes: [inbox] })
    await page.reload()
    await page.getByRole('article').first().waitFor()
    await begin()
    await page.keyboard.type('@pio')
    await page.getByRole('option', { name: 'Piotr Wilk' }).waitFor()
    await press('Enter')
    const note = page.getByRole('textbox', { name: 'Note text' })
    await until('his name in a note', async () => (await note.count()) === 1 && (await note.innerText()).trim() === '@Piotr Wilk')
    await page.keyboard.type('look')
    await press('Control+Enter')
    const said = await until('the note', async () => (await api.all(`/conversations/${id}/messages`)).find(({ kind }) => kind === 'note'))
    assert.deepEqual(said.mentions, [piotr.id])
  })
  assert.deepEqual(page.faults.filter((fault) => !/ 401 | 409 |drafts/.test(fault)), [])
})
