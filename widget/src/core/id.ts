const letters = "0123456789abcdefghjkmnpqrstvwxyz";
let last = 0;

/** The visitor's own id of a message: sorts by time, also within one millisecond of one page, and is nobody else's. */
export function newId(now = Date.now()): string {
  last = Math.max(now * 32, last + 1); // 32 in a millisecond; more borrow from the next
  return last.toString(36).padStart(11, "0") + [...crypto.getRandomValues(new Uint8Array(15))].map((byte) => letters[byte & 31]).join("");
}
