// The shop most scenarios stand in: a server with a workspace and an inbox, a mail server outside, people at a screen.
import assert from 'node:assert/strict'
import { openBrowser, openPage, screenshot } from './browser.js'
import { owner, startRapport } from './rapport.js'
import { startSmtpServer } from './smtp-server.js'

export const address = 'hello@miska.example'

/**
 * Opens the shop and closes it when the test ends: `{server, api, inbox, outside}`. `outside` is the mail server that takes
 * what the shop sends.
 */
export async function openShop(t, options) {
  const outside = await startSmtpServer()
  t.after(outside.close)
  const server = await startRapport(options)
  t.after(() => server.close())
  const { api, ...ids } = await server.setup()
  const inbox = await openInbox(api, { smtp: through(outside) })
  return { server, api, inbox, outside, ...ids }
}

/** Makes an inbox; without servers it only has its address at the door. */
export const openInbox = (api, { name = 'Miska', to = address, smtp, imap } = {}) =>
  api.post('/inboxes', { name, channel: 'email', email: { address: to, ...(smtp && { smtp }), ...(imap && { imap }) } })

/** The settings with which an inbox sends through a capture server. */
export const through = (outside) => ({ host: '127.0.0.1', port: outside.port, security: 'none' })

/** Starts a browser that ends with the test and leaves a last picture of each page, for who looks into a failure. */
export async function startBrowser(t) {
  const browser = await openBrowser()
  t.after(async () => {
    const pages = browser.contexts().flatMap((context) => context.pages())
    for (const [n, page] of pages.entries()) await screenshot(page, `last/${t.name.replace(/\W+/g, '-')}-${n}`).catch(() => {})
    await browser.close()
  })
  return browser
}

/** Somebody opens a page of their own and signs in on the screen. */
export async function signedIn(browser, url, { email, password } = owner, options) {
  const page = await openPage(browser, url, options)
  await page.goto('/')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('listbox').or(page.getByRole('heading', { name: /Nothing/ })).first().waitFor()
  // Before anybody is signed in the page asks who it is and is told 401, which browsers report as an error.
  assert.deepEqual(page.faults.filter((fault) => !fault.includes('401')), [])
  page.faults.length = 0
  return page
}

/** Invites an agent and accepts for them: `{id, api, email, password}`, with the given inboxes only. */
export async function hire(server, api, { name, email, inboxes = [], role = 'agent' }) {
  const password = `${name}-walks-the-dogs`
  const { agent, invitation_url } = await api.post('/agents', { email, name, role, inbox_ids: inboxes.map(({ id }) => id) })
  await api.put(`/invitations/${invitation_url.split('/').at(-1)}`, { name, password })
  const token = (await server.command('token', 'create', '--email', email)).trim()
  return { id: agent.id, email, password, api: new api.constructor(api.url, token) }
}
