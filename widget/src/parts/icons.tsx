// Drawn on 20 units, 1.6 wide; those with a direction flip where lines run from right to left.
const drawings = {
  x: "m5 5 10 10M15 5 5 15",
  chat: "M3 9.3C3 6 6.1 3.5 10 3.5S17 6 17 9.3s-3.1 5.8-7 5.8c-.8 0-1.5-.1-2.2-.3L4.4 16.7l.7-3.3C3.8 12.3 3 10.9 3 9.3Z",
  down: "m5 8 5 5 5-5",
  back: "m12 4-6 6 6 6",
  go: "m8 5 5 5-5 5",
  check: "m4.5 10.5 3.7 3.7 7.3-8",
  checks: "m2.5 10.8 3.3 3.3L12 7M9.3 13.3l1 .8L17.5 6",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  alert: "M10 3.3 2.8 16h14.4L10 3.3ZM10 8.3v3.4M10 13.8h.01",
  clip: "m15.5 9-5.8 5.8a3.3 3.3 0 0 1-4.7-4.7l6.2-6.2a2.2 2.2 0 0 1 3.1 3.1l-6 6a1 1 0 0 1-1.5-1.4L12 6.5",
  smile: "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0ZM7 12s1 1.7 3 1.7 3-1.7 3-1.7M7.6 8h.01M12.4 8h.01",
  send: "M10 16V4.5M5 9.2l5-5 5 5",
  clock: "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0ZM10 6v4.2l2.7 1.6",
  person: "M13 6.8a3 3 0 1 1-6 0 3 3 0 0 1 6 0ZM4 16.5c.6-3 3-4.7 6-4.7s5.4 1.7 6 4.7",
  bot: "M6.5 6.5h7a3 3 0 0 1 3 3V13a3 3 0 0 1-3 3h-7a3 3 0 0 1-3-3V9.5a3 3 0 0 1 3-3ZM10 6.5V3.5M7.5 10.5v1.2M12.5 10.5v1.2M1.8 10v3M18.2 10v3",
  doc: "M5 3.5h6.5L15 7v9.5H5v-13ZM11.5 3.5V7H15",
  lock: "M5 9h10v7.5H5ZM7 9V6.5a3 3 0 0 1 6 0V9",
};
export type IconName = keyof typeof drawings;

export function Icon({ name, small }: { name: IconName; small?: boolean }) {
  const kind = `i${small ? " i-s" : ""}${name === "back" || name === "go" ? " flip" : ""}${name === "more" ? " fat" : ""}`;
  return <svg class={kind} viewBox="0 0 20 20" aria-hidden="true"><path d={drawings[name]} /></svg>;
}
