// A site of the company beside Rapport: another port is another origin. Its policy is the one that docs/channels/chat.md asks for.
import { createServer } from 'node:http'

/**
 * Opens a site whose pages have the chat on them, and closes it with the test: `{url, origin, hits}`. `head` is put into
 * every page; `port` opens it where it was before.
 */
export async function openSite(t, { house, key, head = '' }) {
  const site = { url: '', hits: 0 }
  const policy = `default-src 'none'; script-src ${house} 'self'; connect-src ${house} ${house.replace('http', 'ws')}; img-src ${house}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types rapport`
  const server = createServer((request, response) => {
    site.hits++
    if (request.url === '/favicon.ico') return response.writeHead(204).end()
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy })
    response.end(`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Miska</title>${head}
      <script async src="${house}/widget.js" data-site="${key}"></script></head>
      <body><header><a href="#recipes">Recipes</a></header><main><h1>Dinner, at the same time every month.</h1><p>Fresh-baked food for one dog: yours.</p></main></body></html>`)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  t.after(() => {
    server.closeAllConnections()
    return new Promise((done) => server.close(done))
  })
  site.url = `http://127.0.0.1:${server.address().port}`
  return site
}

/** What the panel of a page shows, message by message: `{id, text, mine}`. */
export const shown = (page) =>
  page.locator('.m[data-id]').evaluateAll((all) =>
    all.map((each) => ({ id: Number(each.dataset.id), text: each.querySelector('.b')?.textContent ?? '', mine: each.classList.contains('me') })))

/** The visitor opens the chat and the conversation, or a new one. */
export async function openChat(page) {
  await page.getByRole('button', { name: /^Open chat/ }).click()
  await page.getByRole('dialog').waitFor()
}

/** The visitor opens the chat at the newest conversation. */
export async function openNewest(page) {
  await openChat(page)
  const row = page.locator('.row').first()
  await row.or(page.locator('.m').first()).first().waitFor()
  if (await row.isVisible()) await row.click()
}

/** The visitor writes; resolves when the words stand in the conversation, sent or not. */
export async function write(page, text) {
  const box = page.getByRole('textbox', { name: 'Write a message' })
  await box.fill(text)
  await box.press('Enter')
  await page.locator('.b').filter({ hasText: text }).first().waitFor()
}

/** Asks as the widget of this page would, with its token: `{status, body}`. */
export const ask = (page, house, key, method, path, body) =>
  page.evaluate(async ([house, key, method, path, body]) => {
    const { token } = JSON.parse(localStorage.getItem(`rapport:${key}`) ?? '{}')
    const answer = await fetch(`${house}/widget/v1/${path}`, {
      method, credentials: 'omit', headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) }, ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: text ? JSON.parse(text) : null }
  }, [house, key, method, path, body])
