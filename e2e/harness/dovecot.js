// A company's IMAP server: Debian's Dovecot with a configuration, ports and mailboxes of its own, thrown away afterwards.
import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { dialImap } from './imap.js'
import { freePort, start } from './process.js'
import { until } from './wait.js'

/**
 * Starts Dovecot with one account; plain sign-in, no TLS, loopback only. With `introspect`, the address at which a provider
 * says whether a token is good, it also lets in who has one (XOAUTH2).
 */
export async function startDovecot({ user = 'hello@miska.example', password = 'mailbox-of-the-shop', introspect = '' } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'rapport-dovecot-'))
  const server = new Dovecot(folder, await freePort(), user, password, introspect)
  try {
    await server.start()
  } catch (error) {
    await server.close()
    throw error
  }
  return server
}

class Dovecot {
  #folder
  #process

  constructor(folder, port, user, password, introspect) {
    this.#folder = folder
    Object.assign(this, { port, user, password, introspect, host: '127.0.0.1' })
  }

  /** What an inbox needs to know to fetch from here. */
  get settings() {
    const { host, port, user, password } = this
    return { host, port, security: 'none', username: user, password, folder: 'INBOX' }
  }

  /** Starts the server, or starts it again on the same port and mailboxes. */
  async start() {
    await this.#configure()
    this.#process = start('/usr/sbin/dovecot', ['-F', '-c', join(this.#folder, 'dovecot.conf')], { family: true })
    try {
      await until('dovecot', async () => {
        if (!this.#process.running()) return true
        const client = await this.dial()
        client.close()
        return true
      })
    } catch (error) {
      throw new Error(`dovecot does not answer\n${this.log()}`, { cause: error })
    }
    if (!this.#process.running()) throw new Error(`dovecot ended at once\n${this.log()}`)
  }

  stop = () => this.#process?.stop()
  log = () => this.#process?.log() ?? ''

  /** A signed-in raw client. */
  dial = () => dialImap(this.port, this)

  /** Puts a message into a mailbox, as a mail arriving there. */
  async append(message, { mailbox = 'INBOX', flags = '', date } = {}) {
    await this.#with((client) => client.append(mailbox, message, flags, date))
  }

  /** What is in a mailbox now: `{exists, uidvalidity, uidnext, messages}`. */
  async look(mailbox = 'INBOX') {
    return this.#with(async (client) => {
      const state = await client.select(mailbox)
      return { ...state, messages: state.exists ? await client.messages() : [] }
    })
  }

  /** Makes a further mailbox. */
  create = (mailbox) => this.#with((client) => client.command(`CREATE "${mailbox}"`))

  /**
   * Gives INBOX a new UIDVALIDITY while its messages stay, as after a move to another server: everything Dovecot has
   * remembered about the mailbox goes away, and it numbers the messages from 1 again. Returns the new value.
   */
  async renumber() {
    const before = (await this.look()).uidvalidity
    await this.stop()
    // The new value is taken from the clock in seconds and must not fall together with the old one.
    await until('the next second', () => Math.floor(Date.now() / 1000) > before + 1)
    const mail = join(this.#folder, 'mail')
    for (const name of await readdir(mail)) {
      if (/^dovecot[-.]/.test(name)) await rm(join(mail, name), { force: true })
    }
    await this.start()
    return (await this.look()).uidvalidity
  }

  /** Ends the server and removes its mailboxes. */
  async close() {
    await this.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #with(work) {
    const client = await this.dial()
    try {
      return await work(client)
    } finally {
      client.close()
    }
  }

  async #configure() {
    const keeper = mailKeeper()
    for (const name of ['run', 'state', 'mail']) await mkdir(join(this.#folder, name), { recursive: true })
    await chmod(this.#folder, 0o755)
    await chown(join(this.#folder, 'mail'), keeper.uid, keeper.gid)
    const account = `${this.user}:{PLAIN}${this.password}:${keeper.uid}:${keeper.gid}::${this.#folder}::\n`
    await writeFile(join(this.#folder, 'users'), account)
    await writeFile(join(this.#folder, 'dovecot.conf'), configuration(this.#folder, this.port, keeper, this.introspect))
    await writeFile(join(this.#folder, 'oauth2.conf'), `introspection_mode = get\nintrospection_url = ${this.introspect}\nusername_attribute = email\nactive_attribute = active\nactive_value = true\n`)
  }
}

// Dovecot refuses to read mail as root. Started by root it keeps mail as nobody and its other processes run as the users
// that its package made; started by anybody else everything runs as that user.
function mailKeeper() {
  const { uid, gid, username } = userInfo()
  if (uid === 0) return { uid: 65534, gid: 65534, users: '' }
  return { uid, gid, users: `default_internal_user = ${username}\ndefault_login_user = ${username}\ndefault_internal_group =` }
}

const configuration = (folder, port, { uid, users }, introspect) => `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login${introspect && ' xoauth2 oauthbearer'}
${users}
first_valid_uid = ${uid}
last_valid_uid = ${uid}
first_valid_gid = 0
mail_location = maildir:${folder}/mail
mail_fsync = never
mailbox_list_index = no
mail_max_userip_connections = 1000
${introspect && `passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${folder}/oauth2.conf
}`}
passdb {
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%u ${folder}/users
}
userdb {
  driver = passwd-file
  args = username_format=%u ${folder}/users
}
namespace inbox {
  inbox = yes
  separator = /
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`
