// A client of the HTTP API that does what a script of a customer would do: bearer token, JSON, problems as errors.

/** A problem+json answer: `status`, and the `problem` with its `title` and `detail`. */
export class Problem extends Error {
  constructor(status, problem, request) {
    super(`${request}: ${status} ${problem?.title ?? ''} ${problem?.detail ?? ''}`.trim())
    this.status = status
    this.problem = problem
  }
}

export class Api {
  constructor(url, token) {
    this.url = url
    this.token = token
  }

  get = (path) => this.send('GET', path)
  post = (path, body) => this.send('POST', path, body)
  put = (path, body) => this.send('PUT', path, body)
  patch = (path, body) => this.send('PATCH', path, body)
  delete = (path) => this.send('DELETE', path)

  /** Sends one request below /api/v1; a `FormData` body goes as it is, anything else as JSON. */
  async send(method, path, body, headers = {}) {
    const form = body instanceof FormData
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(body !== undefined && !form ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      body: body === undefined || form ? body : JSON.stringify(body),
    })
    const text = await response.text()
    const json = /\bjson\b/.test(response.headers.get('content-type') ?? '')
    const answer = text === '' ? null : json ? JSON.parse(text) : text
    if (!response.ok) throw new Problem(response.status, answer, `${method} ${path}`)
    return answer
  }

  /** All items of a list, page after page. */
  async all(path) {
    const items = []
    for (let cursor = null; ; ) {
      const url = new URL(path, 'http://list.invalid')
      if (cursor) url.searchParams.set('cursor', cursor)
      const page = await this.get(url.pathname + url.search)
      items.push(...page.items)
      cursor = page.next_cursor
      if (!cursor) return items
    }
  }
}
