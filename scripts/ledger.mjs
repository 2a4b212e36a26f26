// Every direct dependency has a line in docs/dependencies.md; exits 1 and names those that have none.
import { existsSync, readFileSync } from 'node:fs'

const ledger = readFileSync('docs/dependencies.md', 'utf8')

function* goModules() {
  for (const line of readFileSync('go.mod', 'utf8').split('\n')) {
    const module = line.match(/^(?:require )?\s*(\S+\.\S+\/\S+) v\S+$/)
    if (module) yield module[1]
  }
}

function* npmPackages() {
  for (const folder of ['.', 'ui', 'web', 'widget', 'e2e']) {
    const manifest = `${folder}/package.json`
    if (!existsSync(manifest)) continue
    const { dependencies, devDependencies } = JSON.parse(readFileSync(manifest, 'utf8'))
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      if (!name.startsWith('@rapport/') && !name.startsWith('@types/')) yield name
    }
  }
}

const named = (name) => ledger.includes(name) || ledger.includes(name.replace(/\/.*/, '/*'))
const missing = [...new Set([...goModules(), ...npmPackages()])].filter((name) => !named(name))
for (const name of missing) console.log(`${name}: no line in docs/dependencies.md`)
process.exit(missing.length === 0 ? 0 : 1)
