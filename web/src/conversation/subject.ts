/** The number of another conversation that a subject names, such as #1042; null when it names none. */
export function numberIn(subject: string, own: number): number | null {
  for (const [, digits] of subject.matchAll(/#(\d{1,9})(?!\d)/g)) {
    const number = Number(digits);
    if (number > 0 && number !== own) return number;
  }
  return null;
}
