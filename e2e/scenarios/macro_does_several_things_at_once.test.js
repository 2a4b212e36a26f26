// A macro is put together in settings, run by M on the open conversation, and taken back by Z; a snippet is seen as a customer will read it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter } from '../harness/mail.js'
import { address, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

test('macro does several things at once', async (t) => {
  const browser = await startBrowser(t)
  const { server, api, outside } = await openShop(t)
  const from = 'ewa@harbour.example'
  await sendMail(server.smtpPort, { from, to: address, data: letter({ from: `Ewa Marsh <${from}>`, to: address, subject: 'Torn bag', text: 'The bag is torn.' }) })
  const [{ id }] = await until('the mail', async () => {
    const list = await api.all('/conversations?view=all_open')
    return list.length && list
  })
  const page = await signedIn(browser, server.url)
  const dialog = page.getByRole('dialog')
  const now = () => api.get(`/conversations/${id}`)

  await t.test('a snippet is written and previewed for a real customer', async () => {
    await page.goto('/settings/snippets')
    await page.getByText('No snippets yet').waitFor()
    await page.getByRole('button', { name: 'New snippet' }).click()
    await dialog.getByLabel('Name', { exact: true }).fill('Bag goes out again')
    await dialog.getByLabel('Folder').fill('Delivery')
    const text = dialog.getByRole('textbox', { name: 'Text', exact: true })
    await text.fill('Hello {{customer.first_name}}, a new bag leaves today. {{customer.shoe}}')
    const preview = dialog.getByRole('region', { name: 'What the customer reads' })
    await preview.getByLabel('As it reads to').fill('Ewa')
    await preview.getByText('Hello Ewa, a new bag leaves today.').waitFor()
    await preview.getByText('customer.shoe').first().waitFor()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('There is no variable called {{customer.shoe}}.').waitFor()
    await text.fill('Hello {{customer.first_name|there}}, a new bag leaves today.')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Delivery' }).waitFor()
    await page.getByText('Not used yet').waitFor()
  })

  await t.test('a macro is put together, ordered by keyboard', async () => {
    await page.goto('/settings/macros')
    await page.getByRole('button', { name: 'New macro' }).click()
    await dialog.getByLabel('Name', { exact: true }).fill('Torn bag')
    const add = async (name) => {
      const item = page.getByRole('menuitem', { name })
      await until(`the menu with ${name}`, async () => { // it may still be closing from the time before
        await dialog.getByRole('button', { name: 'Add an action' }).click()
        await item.waitFor({ timeout: 3000 }).catch(() => {})
        return item.isVisible()
      })
      await item.click()
    }
    await add('Set the status')
    await dialog.getByRole('combobox', { name: 'Set the status' }).selectOption('pending')
    await add('Change tags')
    await dialog.getByLabel('Tags to add', { exact: true }).fill('torn, bag')
    await add('Assign')
    await add('Write a reply')
    await dialog.getByRole('textbox', { name: 'Write a reply' }).fill('Hello {{customer.first_name|there}}, a new bag leaves today.')
    await dialog.getByRole('combobox', { name: 'Set the status' }).press('Alt+ArrowDown')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Torn bag', exact: false }).first().waitFor()
    const [macro] = await api.all('/macros')
    assert.deepEqual(macro.actions.map((action) => action.do), ['tags', 'status', 'assign', 'reply'])
  })

  await t.test('M runs it: all at once, and the reply waits in the composer', async () => {
    await page.goto(`/c/${id}?view=unassigned`)
    await page.getByRole('article').getByText('The bag is torn.').waitFor()
    await page.keyboard.press('m')
    await page.getByRole('combobox', { name: 'Macro…' }).fill('torn')
    await page.keyboard.press('Enter')
    await page.getByText('“Torn bag” is done').waitFor()
    await page.getByRole('textbox', { name: 'Reply text' }).getByText('Hello Ewa, a new bag leaves today.').waitFor()
    const after = await now()
    assert.deepEqual([after.status, after.tags.sort(), after.assignee_id === null], ['pending', ['bag', 'torn'], false])
    assert.equal(outside.mails.length, 0)
  })

  await t.test('Z takes it back; what was put into the reply stays', async () => {
    await page.getByRole('textbox', { name: 'Reply text' }).press('Escape')
    await page.keyboard.press('z')
    await until('all to be as before', async () => {
      const { status, tags, assignee_id } = await now()
      return status === 'open' && tags.length === 0 && assignee_id === null
    })
    await page.getByRole('textbox', { name: 'Reply text' }).getByText('Hello Ewa, a new bag leaves today.').waitFor()
  })

  await t.test('a macro that was deleted is there again after Undo', async () => {
    await page.goto('/settings/macros')
    await page.getByText('Used once').waitFor()
    await page.getByRole('button', { name: 'More for Torn bag' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByText('No macros yet').waitFor()
    await page.getByRole('button', { name: /Undo/ }).click()
    await page.getByText('Used once').waitFor()
  })
})
