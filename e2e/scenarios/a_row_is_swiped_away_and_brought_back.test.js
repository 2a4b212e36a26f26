// On a telephone a row is swiped: towards its end it is snoozed, towards its beginning closed. What letting go will do is
// shown, a short move does nothing, Undo brings back, and the same is a button in the conversation.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter } from '../harness/mail.js'
import { address, openShop, signedIn, startBrowser } from '../harness/shop.js'
import { sendMail } from '../harness/smtp-client.js'
import { until } from '../harness/wait.js'

test('a row is swiped away and brought back', async (t) => {
  const browser = await startBrowser(t)
  const { server, api } = await openShop(t)
  const from = 'ewa@harbour.example'
  await sendMail(server.smtpPort, { from, to: address, data: letter({ from, to: address, subject: 'Sucha karma', text: 'Kiedy?' }) })
  const [{ id }] = await until('the mail', async () => {
    const list = await api.all('/conversations?view=all_open')
    return list.length && list
  })
  const page = await signedIn(browser, server.url, undefined, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  await page.goto('/?view=unassigned')
  const row = page.getByRole('option', { name: /Sucha karma/ })
  await row.waitFor()
  const touch = await page.context().newCDPSession(page)
  const finger = (type, x, y) => touch.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] })
  const now = (want) => until(`it to be ${JSON.stringify(want)}`, async () => {
    const { status, snoozed_until } = await api.get(`/conversations/${id}`)
    return status === want.status && (snoozed_until !== null) === want.snoozed
  })
  async function swipe(by, meanwhile) {
    const { x, y, width, height } = await row.boundingBox()
    const [at, line] = [x + width / 2, y + height / 2]
    await finger('touchStart', at, line)
    for (let n = 1; n <= 8; n++) await finger('touchMove', at + (by * n) / 8, line + 1)
    await meanwhile?.()
    await finger('touchEnd')
  }
  // A browser takes no tap for one that follows a swipe within a moment.
  const undo = () => until('it to be as it was', async () => {
    const button = page.getByRole('button', { name: 'Undo' }).last()
    if (await button.isVisible()) await button.tap()
    const { status, snoozed_until } = await api.get(`/conversations/${id}`)
    return status === 'open' && snoozed_until === null
  })
  // What is done on a touch screen is read right behind the list.
  await until('swiping to be there', async () => {
    let there = false
    await swipe(60, async () => (there = (await page.locator('.swipe').count()) === 1))
    return there
  })

  await t.test('a short move does nothing, not even open it', async () => {
    await swipe(60)
    await page.locator('.swipe').waitFor({ state: 'detached' })
    assert.equal(new URL(page.url()).pathname, '/')
    await now({ status: 'open', snoozed: false })
  })
  await t.test('towards its beginning it is closed, and Undo opens it again', async () => {
    await swipe(-180, () => page.locator('.swipe[data-ready=true]').getByText('Close').waitFor())
    await now({ status: 'closed', snoozed: false })
    await undo()
    assert.equal(new URL(page.url()).pathname, '/')
  })
  await t.test('towards its end it is snoozed, and Undo wakes it', async () => {
    await swipe(180, () => page.locator('.swipe[data-ready=true]').getByText(/^Until /).waitFor())
    await now({ status: 'open', snoozed: true })
    await undo()
  })
  await t.test('a tap opens it, and there both are buttons', async () => {
    await row.tap()
    await page.getByRole('button', { name: 'Snooze…' }).waitFor()
    await page.getByRole('button', { name: 'More actions' }).tap()
    await page.getByRole('menuitem', { name: 'Close' }).tap()
    await now({ status: 'closed', snoozed: false })
  })
})
