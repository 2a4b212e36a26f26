// One open screen for `make bench`: signs in, opens a conversation, and notes when each marked message is painted in it.
// Says {"ready":true} when the conversation is there, and at the end of its input when it saw which mark, in ms since 1970
// by the clock of the machine.
import { openBrowser } from '../harness/browser.js'
import { signedIn } from '../harness/shop.js'

const [url, email, password, conversation] = process.argv.slice(2)
const browser = await openBrowser()
try {
  const page = await signedIn(browser, url, { email, password })
  await page.goto(`/c/${conversation}`)
  await page.getByRole('article').filter({ hasText: 'mark-0.' }).waitFor()
  await page.evaluate(() => {
    const painted = (window.painted = {})
    const look = () => {
      const said = [...document.querySelectorAll('article')].map((message) => message.textContent).join()
      for (const [mark] of said.matchAll(/mark-\d+\./g)) {
        if (painted[mark]) continue
        painted[mark] = -1
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel() // heard after the frame in which the message is painted
          port1.onmessage = () => (painted[mark] = performance.timeOrigin + performance.now())
          port2.postMessage(0)
        })
      }
    }
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
    look()
  })
  console.log(JSON.stringify({ ready: true }))
  for await (const _ of process.stdin);
  console.log(JSON.stringify(await page.evaluate(() => window.painted)))
} finally {
  await browser.close()
}
