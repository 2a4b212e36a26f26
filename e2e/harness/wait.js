// Waiting without sleeping blindly: a deadline says "never", not "slow".

/** Resolves with the first truthy answer of `probe`; rejects, naming `what`, when `within` milliseconds are over. */
export async function until(what, probe, { within = 20_000, every = 25 } = {}) {
  const end = Date.now() + within
  let last
  for (;;) {
    try {
      const answer = await probe()
      if (answer) return answer
      last = undefined
    } catch (error) {
      last = error
    }
    if (Date.now() > end) {
      throw new Error(`waited ${within} ms for ${what}${last ? `: ${last.message}` : ''}`, { cause: last })
    }
    await new Promise((resolve) => setTimeout(resolve, every))
  }
}
