/** Towards which side of the text a row is moved. */
export type Side = "start" | "end";

const BEGINS = 12;
const STEEP = 1.5;
const ENOUGH = 0.28;
const AT_LEAST = 88;

/**
 * What a finger does to a row after it has moved that far: `side` once it clearly goes sideways and not up or down,
 * `ready` when letting go will do it. Beyond that the row follows ever more slowly.
 */
export function swipeOf(dx: number, dy: number, swiping: boolean, width: number, rightToLeft: boolean): { side: Side | null; ready: boolean; offset: number } {
  const far = Math.abs(dx);
  if (!swiping && (far < BEGINS || far < Math.abs(dy) * STEEP)) return { side: null, ready: false, offset: 0 };
  const enough = Math.max(AT_LEAST, width * ENOUGH);
  const offset = Math.sign(dx) * Math.min(far, enough + (far - enough) / 3);
  const side = dx === 0 ? null : dx > 0 !== rightToLeft ? "end" : "start";
  return { side, ready: far >= enough, offset: Math.abs(offset) > width ? Math.sign(dx) * width : offset };
}
