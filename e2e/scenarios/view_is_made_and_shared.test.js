// A view is made by keyboard alone, with its count beside it; shared ones are everybody's, personal ones nobody else's.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter } from '../harness/mail.js'
import { address, hire, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

test('a view is made and shared', async (t) => {
  const browser = await startBrowser(t)
  const { server, api, inbox } = await openShop(t)
  const jan = await hire(server, api, { name: 'Jan', email: 'jan@miska.example', inboxes: [inbox] })
  for (const subject of ['Dry food for Burek', 'Wet food for Fado', 'Where is my parcel']) await arrives(server, api, subject)
  const page = await signedIn(browser, server.url)
  const press = (key) => page.keyboard.press(key)
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') || document.activeElement?.textContent || '')
  const tabTo = async (name, key = 'Tab') => {
    for (let n = 0; n < 60; n++) {
      if (name.test(await focused())) return
      await press(key)
    }
    assert.fail(`no way by Tab to ${name}; the focus is on ${await focused()}`)
  }
  const found = page.getByRole('dialog').getByRole('region', { name: 'What it finds' })

  await t.test('by keyboard alone, and the count follows each condition', async () => {
    await page.getByRole('button', { name: 'New view' }).waitFor()
    await press('Shift+V')
    await page.getByRole('dialog', { name: 'New view' }).waitFor()
    await page.keyboard.type('Food questions')
    await found.getByText('3 conversations').waitFor()
    await tabTo(/^Add a condition$/)
    await press('Enter')
    await tabTo(/^Condition 2$/)
    await page.keyboard.type('Subject')
    await tabTo(/^Value of condition 2$/)
    await page.keyboard.type('food')
    await found.getByText('2 conversations').waitFor()
    assert.equal(await found.getByRole('listitem').count(), 2)
    await page.keyboard.type(' burek')
    await found.getByText('1 conversation', { exact: true }).waitFor()
    await found.getByText('Dry food for Burek').waitFor()
    for (let n = 0; n < 6; n++) await press('Backspace')
    await found.getByText('2 conversations').waitFor()
    await tabTo(/^Only for me$/)
    await press('ArrowRight')
    await tabTo(/^Save view$/)
    await press('Enter')
    await page.getByRole('heading', { name: 'Food questions' }).waitFor()
    await until('the two in the list', async () => (await page.getByRole('option').count()) === 2)
    assert.equal(await page.getByRole('link', { name: /^Food questions/ }).textContent(), 'Food questions2')
  })

  await t.test('its key opens it, and what comes in waits behind a pill', async () => {
    await press('g')
    await press('m')
    await page.getByRole('heading', { name: 'Mine' }).waitFor()
    await press('1')
    await page.getByRole('heading', { name: 'Food questions' }).waitFor()
    await until('the two in the list', async () => (await page.getByRole('option').count()) === 2)
    await arrives(server, api, 'A bill')
    await arrives(server, api, 'Food for a parrot')
    await page.getByRole('button', { name: '1 new' }).waitFor()
    await until('the count', async () => (await page.getByRole('link', { name: /^Food questions/ }).textContent()) === 'Food questions3')
    await page.getByRole('button', { name: '1 new' }).click()
    await page.getByRole('option', { name: /Food for a parrot/ }).waitFor()
  })

  await t.test('a teammate has the shared one, cannot change it, and has their own', async () => {
    const theirs = await signedIn(browser, server.url, jan)
    await theirs.getByRole('link', { name: /^Food questions/ }).click()
    await until('the three in their list', async () => (await theirs.getByRole('option').count()) === 3)
    assert.equal(await theirs.getByRole('button', { name: 'More about Food questions' }).count(), 0)
    await theirs.keyboard.press('Shift+V')
    await theirs.getByLabel('Name', { exact: true }).fill('Only mine')
    assert.equal(await theirs.getByRole('radio', { name: 'For everybody' }).count(), 0)
    await theirs.getByRole('button', { name: 'Save view' }).click()
    await theirs.getByRole('link', { name: /^Only mine/ }).waitFor()
    assert.equal((await jan.api.all('/views')).filter(({ saved }) => saved).length, 2)
    assert.deepEqual((await api.all('/views')).filter(({ saved }) => saved).map(({ name }) => name), ['Food questions'])
    assert.equal(await page.getByText('Only mine').count(), 0)
  })

  await t.test('what is deleted is gone from every screen, and comes back with Z', async () => {
    await page.getByRole('button', { name: 'More about Food questions' }).click()
    await page.getByRole('menuitem', { name: 'Delete this view' }).click()
    await page.getByRole('heading', { name: 'Mine' }).waitFor()
    await until('it is deleted', async () => (await api.all('/views')).every(({ saved }) => !saved))
    await press('z')
    await page.getByRole('link', { name: /^Food questions/ }).waitFor()
    await until('it is back', async () => (await jan.api.all('/views')).some(({ key, count }) => key === 'saved:food-questions' && count === 3))
  })

  await t.test('views are put in order with the keys', async () => {
    await api.post('/views', { name: 'Second', shared: true, conditions: { all: [], any: [] } })
    const link = page.getByRole('link', { name: /^Second/ })
    await link.waitFor() // told live
    await link.focus()
    await press('Alt+ArrowUp')
    await until('the order', async () => (await api.all('/views')).filter(({ saved }) => saved).map(({ name }) => name).join() === 'Second,Food questions')
  })

  await t.test('rows have three heights, which this device remembers', async () => {
    await page.getByRole('link', { name: /^All open/ }).click()
    const row = page.getByRole('option').first()
    for (const [name, height] of [['Compact', 40], ['Comfortable', 80]]) {
      await page.getByRole('button', { name: 'How the list is shown' }).click()
      await page.getByRole('menuitem', { name }).click()
      await until(`rows of ${height}`, async () => (await row.boundingBox())?.height === height)
    }
    await page.reload()
    await until('rows of 80 again', async () => (await row.boundingBox())?.height === 80)
  })
  assert.deepEqual(page.faults, [])
})

async function arrives(server, api, subject) {
  const from = 'ewa@harbour.example'
  await sendMail(server.smtpPort, { from, to: address, data: letter({ from, to: address, subject, text: 'Hello, please help us.' }) })
  return until(subject, async () => (await api.all('/conversations?view=all_open')).find((each) => each.subject === subject))
}
