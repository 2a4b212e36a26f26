// The server under test: the built binary on free ports with a data folder of its own.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Api } from './api.js'
import { attempt, freePort, run, start } from './process.js'
import { until } from './wait.js'

const binary = process.env.RAPPORT_BINARY ?? new URL('../../bin/rapport', import.meta.url).pathname

export const owner = { workspace: 'Miska', email: 'hanna@miska.example', password: 'the-dog-eats-at-seven' }

/**
 * Starts `rapport serve` and waits until it is ready. `env` adds to or overrides the settings, `args` follow `serve`.
 * The same server may be stopped, killed and started again on the same data folder and ports.
 */
export async function startRapport({ env = {}, args = [] } = {}) {
  const data = await mkdtemp(join(tmpdir(), 'rapport-e2e-'))
  const [port, smtpPort] = [await freePort(), await freePort()]
  const server = new Rapport(data, port, smtpPort, env, args)
  try {
    await server.start()
  } catch (error) {
    await server.close()
    throw error
  }
  return server
}

class Rapport {
  #process
  #env
  #args

  constructor(data, port, smtpPort, env, args) {
    this.data = data
    this.port = port
    this.smtpPort = smtpPort
    this.url = `http://127.0.0.1:${port}`
    this.#args = args
    this.#env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      RAPPORT_DATA: data,
      RAPPORT_LISTEN: `127.0.0.1:${port}`,
      RAPPORT_URL: this.url,
      RAPPORT_SMTP_LISTEN: `127.0.0.1:${smtpPort}`,
      RAPPORT_OUTBOUND_ALLOW: '127.0.0.0/8',
      RAPPORT_DNS: '127.0.0.1:9', // nobody there: no question leaves this machine
      ...env,
    }
  }

  /** Starts the server, or starts it again, and waits for /readyz. */
  async start() {
    const child = start(binary, ['serve', ...this.#args], { env: this.#env })
    this.#process = child
    try {
      await until('/readyz', async () => {
        if (!child.running()) return true
        return (await fetch(`${this.url}/readyz`)).ok
      }, { within: 60_000 }) // the demo lives three weeks first
    } catch (error) {
      throw new Error(`rapport is not ready\n${this.log()}`, { cause: error })
    }
    if (!child.running()) throw new Error(`rapport serve ended at once\n${this.log()}`)
  }

  stop = () => this.#process?.stop()
  kill = () => this.#process?.kill()
  log = () => this.#process?.log() ?? ''

  /** The process id of the server. */
  get pid() {
    return this.#process.pid
  }

  /** Runs another command of the binary on the same data folder, beside the running server, and returns its stdout. */
  command = (...args) => run(binary, args, { env: this.#env })

  /** Like `command`, but gives `{code, out, err}` and takes a failure for an answer. */
  attempt = (...args) => attempt(binary, args, { env: this.#env })

  /** Makes the first workspace and its owner; returns `{workspace_id, agent_id, token, api}`. */
  async setup({ workspace, email, password } = owner) {
    const answer = await this.command(
      'setup', '--workspace', workspace, '--email', email, '--password', password, '--json',
    )
    const made = JSON.parse(answer)
    return { ...made, api: new Api(this.url, made.token) }
  }

  /** Ends the server and removes its data folder. */
  async close() {
    await this.stop()
    await rm(this.data, { recursive: true, force: true })
  }
}
