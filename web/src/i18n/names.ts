/** What one calls a person among colleagues: the first word of a Latin name, the given part of a Korean one. */
export function givenName(name: string): string {
  const clean = name.trim();
  return /^[가-힣]{3,4}$/.test(clean) ? clean.slice(-2) : (clean.split(/\s+/)[0] ?? clean);
}
