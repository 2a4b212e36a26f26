// Runs `go test -json` with the arguments given and prints what a person wants to read: a line per package, the output
// of what failed, the longest tests, and at the end the counts, as `N passed, N failed, N skipped`. Exits as `go test` does.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const counts = { pass: 0, fail: 0, skip: 0 }
const output = new Map() // package and test -> its lines
const blamed = new Set() // packages with a failed test of their own
const parents = new Set() // tests that have subtests: counted through them
const slow = [] // how long each test took that is no subtest

const go = spawn('go', ['test', '-json', ...process.argv.slice(2)], { stdio: ['ignore', 'pipe', 'inherit'] })
const exited = new Promise((resolve) => go.on('close', resolve))

for await (const line of createInterface({ input: go.stdout })) {
  if (line.startsWith('{')) take(JSON.parse(line))
  else console.log(line)
}
const code = await exited
console.log('the longest:')
for (const { seconds, name } of slow.sort((a, b) => b.seconds - a.seconds).slice(0, 12)) console.log(`${seconds.toFixed(0).padStart(6)} s  ${name}`)
console.log(`${counts.pass} passed, ${counts.fail} failed, ${counts.skip} skipped`)
process.exit(code ?? 1)

function take(event) {
  const key = `${event.Package ?? event.ImportPath} ${event.Test ?? ''}`
  switch (event.Action) {
    case 'run': {
      const slash = event.Test.lastIndexOf('/')
      if (slash > 0) parents.add(`${event.Package} ${event.Test.slice(0, slash)}`)
      break
    }
    case 'output':
    case 'build-output':
      if (!output.has(key)) output.set(key, [])
      output.get(key).push(event.Output)
      break
    case 'pass':
    case 'fail':
    case 'skip':
      finish(event, key)
  }
}

function finish(event, key) {
  const lines = output.get(key) ?? []
  output.delete(key)
  if (event.Test) {
    if (!event.Test.includes('/')) slow.push({ seconds: event.Elapsed, name: `${event.Package} ${event.Test}` })
    if (!parents.has(key)) counts[event.Action]++
    if (event.Action === 'fail') {
      blamed.add(event.Package)
      process.stdout.write(lines.join(''))
    }
    return
  }
  if (event.Action === 'fail') {
    // A package that did not build, panicked or ran out of time has no failed test to blame.
    if (!blamed.has(event.Package)) counts.fail++
    process.stdout.write([...(output.get(`${event.FailedBuild} `) ?? []), ...lines].join(''))
  } else if (event.Action === 'pass') {
    console.log(`ok    ${event.Package}  ${event.Elapsed}s`)
  }
}
