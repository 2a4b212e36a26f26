// Starts and ends the programs that a scenario brings along. Only processes started here are ever ended.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'

/** A TCP port that is free on loopback right now. */
export async function freePort() {
  const server = createServer()
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

/**
 * Runs a program in the background. `log()` is what it has written so far, `exited` resolves with its exit code or
 * signal, `stop()` asks it to end and insists after ten seconds, `kill()` is the power cut. With `family` the processes
 * that it starts end with it.
 */
export function start(command, args, { family = false, ...options } = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: family, ...options })
  let written = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (written += text))
  let over = false
  const exited = new Promise((resolve) => {
    child.once('error', (error) => resolve((written += error.message)))
    child.once('close', (code, signal) => resolve(code ?? signal))
  }).finally(() => (over = true))

  const send = (signal) => {
    if (over) return
    try {
      process.kill(family ? -child.pid : child.pid, signal)
    } catch (error) {
      if (error.code !== 'ESRCH') throw error // gone in between
    }
  }
  const end = async (signal) => {
    send(signal)
    const insist = setTimeout(send, 10_000, 'SIGKILL')
    await exited
    clearTimeout(insist)
  }
  return {
    pid: child.pid,
    exited,
    log: () => written,
    running: () => !over,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

/** Runs a program to its end: `{code, out, err}`. */
export async function attempt(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (err += text))
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  return { code, out, err }
}

/** Runs a program to its end and returns what it wrote to stdout; a failure carries what it wrote to stderr. */
export async function run(command, args, options) {
  const { code, out, err } = await attempt(command, args, options)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${err || out}`)
  return out
}
