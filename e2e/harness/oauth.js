// A mail provider's sign-in: a page that asks its user, tokens for an app, and the word on each token for the mail servers.
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'

/**
 * Starts an authorization server (OAuth 2 with PKCE) for the mailbox of `user`. `expire()` ends the tokens, `revoke()` takes
 * the leave back, `opens(token)` says whether a token is good; `renewed` counts renewals.
 */
export async function startOauthServer({ user }) {
  const provider = new Provider(user)
  const server = createServer((request, response) => {
    const url = new URL(request.url, provider.url)
    let body = ''
    request.on('data', (part) => (body += part)).on('end', () => provider.answer(url, new URLSearchParams(body), response))
  })
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  provider.url = `http://127.0.0.1:${server.address().port}`
  provider.close = () => new Promise((resolve) => server.close(resolve).closeAllConnections())
  return provider
}

class Provider {
  renewed = 0
  clientId = 'rapport-at-miska'
  clientSecret = randomBytes(12).toString('hex')
  #codes = new Map() // to challenge and redirect
  #access = new Set()
  #renew = new Set()

  constructor(user) {
    this.user = user
  }

  opens = (token) => this.#access.has(token)
  expire = () => this.#access.clear()

  revoke() {
    this.expire()
    this.#renew.clear()
  }

  answer(url, form, response) {
    const say = (status, body) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
    switch (url.pathname) {
      case '/authorize':
        return this.#authorize(url.searchParams, response)
      case '/token':
        return this.#token(form, say)
      case '/introspect': // asked by the mail server
        return say(200, { active: this.opens(url.searchParams.get('token')), email: this.user })
      default:
        return say(404, {})
    }
  }

  #authorize(asked, response) {
    const back = (values) => {
      const to = new URL(asked.get('redirect_uri'))
      for (const [name, value] of Object.entries({ ...values, state: asked.get('state') })) to.searchParams.set(name, value)
      return to.href.replaceAll('&', '&amp;')
    }
    if (asked.get('client_id') !== this.clientId || asked.get('code_challenge_method') !== 'S256') return response.writeHead(400).end()
    const code = randomBytes(12).toString('hex')
    this.#codes.set(code, { challenge: asked.get('code_challenge'), redirect: asked.get('redirect_uri') })
    response.writeHead(200, { 'Content-Type': 'text/html' })
    response.end(`<!doctype html><title>Harbour Mail</title><h1>May Rapport read and send the mail of ${this.user}?</h1>
      <p><a href="${back({ code })}">Allow</a> <a href="${back({ error: 'access_denied' })}">Deny</a></p>`)
  }

  #token(form, say) {
    if (form.get('client_id') !== this.clientId || form.get('client_secret') !== this.clientSecret) return say(401, { error: 'invalid_client' })
    const asked = this.#codes.get(form.get('code'))
    const proven = asked && createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url') === asked.challenge && asked.redirect === form.get('redirect_uri')
    this.#codes.delete(form.get('code'))
    const renews = this.#renew.delete(form.get('refresh_token'))
    if (!proven && !renews) return say(400, { error: 'invalid_grant' })
    if (renews) this.renewed++
    const [access, renew] = [`access-${randomBytes(16).toString('hex')}`, `renew-${randomBytes(16).toString('hex')}`]
    this.#access.add(access)
    this.#renew.add(renew)
    return say(200, { access_token: access, refresh_token: renew, token_type: 'Bearer', expires_in: 3600 })
  }
}

/** The answers of a capture server that lets in whoever has a token. */
export const byToken = (provider) => ({
  EHLO: () => '250-capture.peer.example\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 AUTH XOAUTH2',
  AUTH: (line) => {
    const said = Buffer.from(line.split(' ')[2] ?? '', 'base64').toString()
    return provider.opens(said.match(/auth=Bearer ([^\x01]*)/)?.[1]) ? '235 2.7.0 welcome' : '535 5.7.8 Not with this token'
  },
})
