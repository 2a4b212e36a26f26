// Pictures of every screen, for looking at: light and dark, wide to narrow. Starts the demo shop and ends it again.
import { openBrowser, openPage, screenshot } from './harness/browser.js'
import { startRapport } from './harness/rapport.js'

const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
]

// `{conversation}` and `{contact}` stand for the first of each.
const outside = { 'sign-in': '/sign-in', forgotten: '/forgotten' }
const inside = {
  inbox: '/',
  conversation: '/c/{conversation}',
  contacts: '/contacts',
  contact: '/contacts/{contact}',
  'settings-profile': '/settings',
  'settings-security': '/settings/security',
  'settings-teammates': '/settings/teammates',
  'settings-teams': '/settings/teams',
  'settings-snippets': '/settings/snippets',
  'settings-macros': '/settings/macros',
  'settings-inboxes': '/settings/inboxes',
  'settings-form': '/settings/inboxes/{form}',
  form: '/forms/{formKey}',
  'settings-inbox-new': '/settings/inboxes/new',
  'settings-mail-new': '/settings/inboxes/new?channel=email',
  'settings-chat-new': '/settings/inboxes/new?channel=chat',
  'settings-api-keys': '/settings/api-keys',
  health: '/health',
  'health-mails': '/health/mails',
  'health-jobs': '/health/jobs',
  outgoing: '/outgoing',
  outbox: '/outbox',
  kit: '/kit',
}

const chosen = process.argv.slice(2)
const language = process.env.LANGUAGE_TAG ?? 'en'
const server = await startRapport({ args: ['--demo'] })
const browser = await openBrowser()
let taken = 0
try {
  for (const colorScheme of ['light', 'dark']) {
    for (const viewport of sizes) {
      const page = await openPage(browser, server.url, { colorScheme, viewport, locale: language })
      const look = `${colorScheme}-${viewport.width}${language === 'en' ? '' : `-${language}`}`
      await shoot(page, outside, look, {})
      await signIn(page)
      await shoot(page, inside, look, await firstOfEach(page))
      await page.context().close()
    }
  }
} finally {
  await browser.close()
  await server.close()
}
console.log(`${taken} pictures in e2e/results/shots`)

async function shoot(page, screens, look, first) {
  for (const [name, path] of Object.entries(screens)) {
    if (chosen.length > 0 && !chosen.some((part) => name.includes(part))) continue
    await page.goto(path.replace(/\{(\w+)\}/g, (_, noun) => first[noun]))
    // Live connections never fall silent, so the page is settled when its fonts are there and it has stopped loading.
    await page.waitForLoadState('load')
    await page.evaluate(() => document.fonts.ready)
    await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached', timeout: 10_000 }).catch(() => {})
    await screenshot(page, `shots/${name}-${look}`)
    taken++
    for (const fault of page.faults.splice(0)) console.error(`${name} ${look}: ${fault}`)
  }
}

// The demo prints its address and sign-in; SHOTS_EMAIL and SHOTS_PASSWORD win over what it prints.
async function signIn(page) {
  const printed = server.log()
  const email = process.env.SHOTS_EMAIL ?? printed.match(/\S+@miska\.example/)?.[0]
  const password = process.env.SHOTS_PASSWORD ?? printed.match(/password\W+(\S+)/i)?.[1]
  const answer = await page.request.post('/api/v1/session', { data: { email, password }, headers: { 'X-Rapport': '1' } })
  if (!answer.ok()) throw new Error(`sign-in as ${email}: ${answer.status()} ${await answer.text()}\n${printed}`)
}

async function firstOfEach(page) {
  const id = async (list) => (await (await page.request.get(`/api/v1/${list}?limit=1`)).json()).items[0]?.id
  const form = (await (await page.request.get('/api/v1/inboxes')).json()).items.find(({ channel }) => channel === 'form')
  return { conversation: await id('conversations'), contact: await id('contacts'), form: form?.id, formKey: form?.form.form_key }
}
