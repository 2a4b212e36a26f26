// UX-03: two people answer the same customer. The second is stopped, sees what came since, and chooses.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter } from '../harness/mail.js'
import { address, hire, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

test('what came meanwhile is shown before sending', async (t) => {
  const browser = await startBrowser(t)
  const { server, api, inbox, outside } = await openShop(t)
  const piotr = await hire(server, api, { name: 'Piotr Wilk', email: 'piotr@miska.example', inboxes: [inbox] })
  const from = 'ewa@harbour.example'
  await sendMail(server.smtpPort, { from, to: address, data: letter({ from, to: address, subject: 'Sucha karma', text: 'Kiedy?' }) })
  const [{ id }] = await until('the mail', async () => {
    const list = await api.all('/conversations?view=all_open')
    return list.length && list
  })
  const open = async (who) => {
    const page = await signedIn(browser, server.url, who)
    await page.goto(`/c/${id}?view=all_open`)
    await page.getByRole('article').getByText('Kiedy?').waitFor()
    return page
  }
  const [hers, his] = [await open(), await open(piotr)]
  const reply = (page) => page.getByRole('textbox', { name: 'Reply text' })
  const stop = (page) => page.locator('.stop')
  const sent = async () => (await api.all(`/conversations/${id}/messages`)).filter(({ kind, delivery }) => kind === 'reply' && delivery?.state !== 'cancelled').map(({ text }) => text)

  await t.test('the second is stopped and sees who said what', async () => {
    await reply(hers).fill('Jutro rano.')
    await reply(his).fill('Pojutrze.')
    await Promise.all([reply(hers).press('Control+Enter'), reply(his).press('Control+Enter')])
    await until('one of them to be stopped', async () => (await stop(hers).count()) + (await stop(his).count()) === 1)
    const second = (await stop(hers).count()) ? hers : his
    const first = second === hers ? his : hers
    const [said, kept] = first === hers ? ['Jutro rano.', 'Pojutrze.'] : ['Pojutrze.', 'Jutro rano.']
    const words = await stop(second).textContent()
    assert.match(words, new RegExp(said.replace('.', '\\.')))
    assert.match(words, /answered/)
    assert.equal(await reply(second).textContent(), kept)
    assert.deepEqual(await sent(), [said])

    await stop(second).getByRole('button', { name: 'Edit' }).click()
    await stop(second).waitFor({ state: 'detached' })
    assert.equal(await reply(second).textContent(), kept)
    await until('the focus back in the text', () => reply(second).evaluate((element) => element === document.activeElement))
  })

  await t.test('a note of a teammate is shown too, and sending anyway sends once', async () => {
    const page = (await reply(his).textContent()) ? his : hers
    const other = page === his ? { api } : piotr
    const kept = await reply(page).textContent()
    await page.route('**/live**', (route) => route.abort()) // nothing is heard
    await other.api.post(`/conversations/${id}/messages`, { kind: 'note', text: 'He rang, it is settled.' })
    await reply(page).press('Control+Enter')
    await stop(page).getByText('He rang, it is settled.').waitFor()
    await stop(page).getByText('left a note').waitFor()
    await stop(page).getByRole('button', { name: 'Send anyway' }).click()
    await stop(page).waitFor({ state: 'detached' })
    await until('it to be sent', async () => (await sent()).includes(kept))
    assert.match((await outside.received(2, { within: 40_000 })).data, /Jutro|Pojutrze/)
    assert.equal((await sent()).filter((text) => text === kept).length, 1)
  })

  await t.test('discarding throws the words away and sends nothing', async () => {
    const before = await sent()
    await reply(hers).fill('Trzecia odpowiedź')
    await piotr.api.post(`/conversations/${id}/messages`, { kind: 'note', text: 'Wait for me.' })
    await reply(hers).press('Control+Enter')
    await stop(hers).getByRole('button', { name: 'Discard' }).click()
    await until('the text to be gone', async () => (await reply(hers).textContent()) === '')
    assert.deepEqual(await sent(), before)
  })
})
