// An agent with one inbox sees nothing of another's conversations: not listed, not counted, not found, not live.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter } from '../harness/mail.js'
import { hire, openInbox, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

test('an agent sees the conversations of their own inboxes and no others', async (t) => {
  const browser = await startBrowser(t)
  const { server, api, inbox: shop } = await openShop(t)
  const vets = await openInbox(api, { name: 'Vets', to: 'vets@miska.example' })
  const jan = await hire(server, api, { name: 'Jan', email: 'jan@miska.example', inboxes: [vets] })
  const page = await signedIn(browser, server.url, jan)
  const heard = []
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.push(String(payload))))
  await page.goto('/?view=all_open')
  await page.getByRole('heading', { name: 'All open' }).waitFor()
  await until('the live line', () => heard.some((frame) => frame.includes('"hello"')))

  const hidden = await arrives(server, api, 'hello@miska.example', 'Parrot food', 'The secret parrot eats pears.')
  const ours = await arrives(server, api, 'vets@miska.example', 'Limping dog', 'The dog eats pears and limps.')

  await t.test('on the open screen only theirs appears', async () => {
    await page.getByRole('button', { name: '1 new' }).click()
    await page.getByRole('option', { name: /Limping dog/ }).click()
    await page.getByRole('article').getByText('The dog eats pears and limps.').waitFor()
    await until('the count', async () => (await page.getByRole('link', { name: /^All open/ }).textContent()) === 'All open1')
    assert.equal(await page.getByRole('link', { name: /^Vets/ }).textContent(), 'Vets1')
    assert.equal(await page.getByRole('link', { name: /^Miska\b(?! on)/ }).count(), 0)
    assert.equal(await page.getByText('Parrot').count(), 0)
    assert.deepEqual(heard.filter((frame) => frame.includes(`"conversation_id":${hidden.id}`)), [])
    assert.ok(heard.some((frame) => frame.includes(`"conversation_id":${ours.id}`)))
  })

  await t.test('nothing of the other is listed, counted, found or read', async () => {
    for (const path of ['/conversations?view=all_open', '/conversations?view=unassigned', `/conversations?inbox_id=${shop.id}`, '/conversations?q=pears', '/search?q=pears', '/events']) {
      const items = await jan.api.get(path)
      assert.ok(!JSON.stringify(items).includes('arrot'), `${path} tells of the other inbox`)
      assert.ok(!JSON.stringify(items).includes(`"conversation_id":${hidden.id}`), `${path} names the other conversation`)
    }
    assert.deepEqual((await jan.api.all('/conversations?q=pears')).map(({ id }) => id), [ours.id])
    const views = await jan.api.all('/views')
    assert.deepEqual(views.filter(({ key }) => key.startsWith('inbox:')).map(({ key, count }) => [key, count]), [[`inbox:${vets.id}`, 1]])
    assert.equal(views.find(({ key }) => key === 'all_open').count, 1)
    for (const path of ['', '/messages', '/history', '/transcript']) {
      await assert.rejects(jan.api.get(`/conversations/${hidden.id}${path}`), { status: 404 })
    }
    await assert.rejects(jan.api.put(`/conversations/${hidden.id}/status`, { status: 'closed' }), { status: 404 })
    await assert.rejects(jan.api.post(`/conversations/${hidden.id}/messages`, { kind: 'note', text: 'x' }), { status: 404 })
    await page.goto(`/c/${hidden.id}`)
    await page.getByText('This conversation').first().waitFor()
    assert.equal(await page.getByText('parrot').count(), 0)
  })

  await t.test('a number in a subject leads to its conversation whoever may see it, and nobody else', async () => {
    const named = await arrives(server, api, 'vets@miska.example', `About #${hidden.number}`, 'What of the parrot?')
    const hanna = await signedIn(browser, server.url)
    await hanna.goto(`/c/${named.id}`)
    await hanna.getByRole('link', { name: `#${hidden.number}: Parrot food` }).click()
    await hanna.getByRole('article').getByText('The secret parrot eats pears.').waitFor()
    await hanna.context().close()
    const asked = page.waitForResponse((answer) => answer.url().includes(`number=${hidden.number}`))
    await page.goto(`/c/${named.id}`)
    assert.deepEqual((await (await asked).json()).items, [])
    await page.getByRole('article').getByText('What of the parrot?').waitFor()
    assert.equal(await page.getByText('Parrot food').count(), 0)
    await api.delete(`/conversations/${named.id}`)
  })

  await t.test('given the inbox they see it, and taken away it leaves the screen', async () => {
    await api.put(`/inboxes/${shop.id}/members`, { agent_ids: [jan.id], team_ids: [] })
    await page.goto(`/c/${hidden.id}?view=all_open`)
    await page.getByRole('article').getByText('The secret parrot eats pears.').waitFor()
    await page.getByRole('option', { name: /Parrot food/ }).waitFor()
    await api.put(`/inboxes/${shop.id}/members`, { agent_ids: [], team_ids: [] })
    await page.getByText('The secret parrot eats pears.').waitFor({ state: 'detached' })
    await page.getByRole('option', { name: /Parrot food/ }).waitFor({ state: 'detached' })
    await page.getByRole('option', { name: /Limping dog/ }).waitFor()
  })

  await t.test('taken away after the screen was read and before it listens, it leaves the screen too', async () => {
    await api.put(`/inboxes/${shop.id}/members`, { agent_ids: [jan.id], team_ids: [] })
    const late = await page.context().newPage()
    let listens
    const held = new Promise((resolve) => (listens = resolve))
    await late.routeWebSocket(/\/live/, async (socket) => {
      await held
      socket.connectToServer()
    })
    await late.goto(`/c/${hidden.id}?view=all_open`)
    await late.getByRole('article').getByText('The secret parrot eats pears.').waitFor()
    await api.put(`/inboxes/${shop.id}/members`, { agent_ids: [], team_ids: [] })
    listens()
    await late.getByText('The secret parrot eats pears.').waitFor({ state: 'detached' })
    await late.getByRole('option', { name: /Parrot food/ }).waitFor({ state: 'detached' })
  })
})

async function arrives(server, api, to, subject, text) {
  const from = 'ewa@harbour.example'
  await sendMail(server.smtpPort, { from, to, data: letter({ from, to, subject, text }) })
  return until('the mail', async () => (await api.all('/conversations?view=all_open')).find((each) => each.subject === subject))
}
