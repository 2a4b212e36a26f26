// A server that gets another version of the application while it runs: a door in front of it that, from a moment on, gives
// every file of the application another name, as another build would, and knows the old names no more.
import { createHash } from 'node:crypto'
import { createServer, request } from 'node:http'
import { connect } from 'node:net'

const sha256 = (text) => createHash('sha256').update(text).digest('hex')

/** Opens the door: `{url, upgrade, close}`. */
export async function openUpgradable(target) {
  const { hostname, port } = new URL(target)
  const asked = (path, headers = {}) => fetch(target + path, { headers: { ...headers, 'accept-encoding': 'identity' } })
  const text = async (path) => (await asked(path)).text()
  let names = null
  let builds = 0
  const sockets = new Set()

  const newName = (name) => name.replace(/-[A-Za-z0-9_-]{8}(\.\w+)$/, (whole, ending) => `-${sha256(name + builds).slice(0, 8)}${ending}`)
  const rewritten = (body) => [...names].reduce((now, [old, next]) => now.replaceAll(old, next), body)
  async function upgrade() {
    builds++
    const worker = await text('/sw.js')
    const shell = JSON.parse(worker.match(/^const SHELL=(\{.*\});/)[1])
    const files = [...shell.files, ...shell.later].filter((path) => path.startsWith('/assets/')).map((path) => path.slice('/assets/'.length))
    names = new Map(files.map((name) => [name, newName(name)]))
    const version = sha256(shell.version + builds).slice(0, 16)
    names.set(shell.version, version)
    const page = rewritten(await text('/'))
    names.set(shell.page, sha256(page))
    return version
  }

  const server = createServer(async (from, to) => {
    const path = new URL(from.url, target).pathname
    const isText = /\.(js|css)$/.test(path) || !/\.\w+$/.test(path)
    if (names && from.method === 'GET' && !path.startsWith('/api/') && (isText || path.startsWith('/assets/'))) {
      const old = [...names].find(([, next]) => path === `/assets/${next}`)?.[0]
      if (path.startsWith('/assets/') && !old) return to.writeHead(404).end()
      const answer = await asked(old ? `/assets/${old}` : from.url, from.headers.accept ? { accept: from.headers.accept } : {})
      const headers = Object.fromEntries([...answer.headers].filter(([name]) => !/^(content-length|connection|transfer-encoding|accept-ranges)$/.test(name)))
      to.writeHead(answer.status, headers)
      return to.end(isText ? rewritten(await answer.text()) : Buffer.from(await answer.arrayBuffer()))
    }
    const onward = request({ hostname, port, path: from.url, method: from.method, headers: from.headers }, (answer) => {
      to.writeHead(answer.statusCode, answer.headers)
      answer.pipe(to)
    })
    onward.on('error', () => to.destroy())
    to.on('close', () => onward.destroy())
    from.pipe(onward)
  })
  server.on('upgrade', (from, socket, head) => {
    const onward = connect(Number(port), hostname)
    const lines = from.rawHeaders.flatMap((part, n) => (n % 2 ? [] : [`${part}: ${from.rawHeaders[n + 1]}`]))
    onward.write([`GET ${from.url} HTTP/1.1`, ...lines, '', ''].join('\r\n'))
    onward.write(head)
    onward.pipe(socket).pipe(onward)
    for (const [one, another] of [[socket, onward], [onward, socket]]) {
      one.on('error', () => another.destroy())
      one.on('close', () => another.destroy())
    }
    sockets.add(socket)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const close = () => new Promise((done) => {
    server.close(done)
    server.closeAllConnections()
    for (const socket of sockets) socket.destroy()
  })
  return { url: `http://127.0.0.1:${server.address().port}`, upgrade, close }
}
