// The public test data, read where it lies beside the repository. It is never copied into it.
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

const root = new URL('../../../shared/data/', import.meta.url).pathname

/** The folder of one kind of data. Where it is missing the test is skipped with a line that says so; in CI it fails. */
export function dataFolder(t, name) {
  const folder = join(root, name)
  if (existsSync(folder)) return folder
  if (process.env.CI === 'true') throw new Error(`the test data is missing: ${folder}`)
  t.skip(`no test data at ${folder}`)
  return null
}

/** All files below a folder whose names end in one of the endings, in a fixed order. */
export async function filesBelow(folder, endings) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}
