// Debian's Chromium through playwright-core, with a fresh profile and nothing that calls home.
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { chromium } from 'playwright-core'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const results = new URL('../results/', import.meta.url).pathname

/** Starts one browser; playwright gives it an empty profile of its own. */
export function openBrowser() {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/**
 * Opens a page in a context of its own, as another person at another desk. `page.faults` collects what a page must not
 * do: uncaught errors and messages to the console's error level.
 */
export async function openPage(browser, url, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    reducedMotion: 'reduce',
    baseURL: url,
    ...options,
  })
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  page.faults = []
  page.on('pageerror', (error) => page.faults.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && page.faults.push(`${message.text()} ${new URL(message.location().url || 'page:').pathname}`.trim()))
  return page
}

/** Writes a picture of the page to e2e/results and returns its path. */
export async function screenshot(page, name) {
  const path = join(results, `${name}.png`)
  await mkdir(dirname(path), { recursive: true })
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' })
  return path
}
