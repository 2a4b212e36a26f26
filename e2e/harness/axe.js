// What axe-core finds on a page, in lines a person can act on.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The serious and critical findings on a page, one line each; of all rules or of the given ones. */
export async function seriousFindings(page, rules) {
  // Evaluated, not added as a script: the page's policy does not allow foreign scripts, and that is right.
  await page.evaluate(source)
  const options = { resultTypes: ['violations'], iframes: false, ...(rules && { runOnly: rules }) }
  const { violations } = await page.evaluate((given) => globalThis.axe.run(document, given), options)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map(({ target, any }) => `${id}: ${help}: ${target.join(' ')} ${any[0]?.message ?? ''}`.trim()))
}
