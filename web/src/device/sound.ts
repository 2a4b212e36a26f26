import { memory } from "../app/memory";

/** Three short soft sounds, made here out of sines, or none. */
export const sounds = ["drop", "bell", "wood"] as const;
export type Sound = (typeof sounds)[number] | "off";

type Tone = { hertz: number; at: number; seconds: number; loud: number };
const tones: Record<Exclude<Sound, "off">, Tone[]> = {
  drop: [{ hertz: 660, at: 0, seconds: 0.18, loud: 0.09 }, { hertz: 880, at: 0.09, seconds: 0.26, loud: 0.08 }],
  bell: [{ hertz: 784, at: 0, seconds: 0.5, loud: 0.07 }, { hertz: 1568, at: 0, seconds: 0.3, loud: 0.025 }],
  wood: [{ hertz: 330, at: 0, seconds: 0.09, loud: 0.14 }, { hertz: 440, at: 0.11, seconds: 0.1, loud: 0.12 }],
};

const storageKey = "rapport.sound";
const stored = localStorage.getItem(storageKey);
export const chosenSound = memory<Sound>(stored === "off" || sounds.some((sound) => sound === stored) ? (stored as Sound) : "drop");
chosenSound.subscribe(() => localStorage.setItem(storageKey, chosenSound.get()));

const APART_MS = 3000;
let last = -Infinity;

/** Whether it may sound again: at most once in three seconds, however much comes. */
export function mayPlay(now: number, before: number): boolean {
  return now - before >= APART_MS;
}

/** Plays the chosen sound. Browsers allow it once somebody has pressed something on the page; before that nothing is heard. */
export function play() {
  if (chosenSound.get() === "off" || !mayPlay(performance.now(), last)) return;
  last = performance.now();
  sound(chosenSound.get());
}

let output: AudioContext | null = null;

/** Lets a sound be heard at once, as when it is chosen. */
export function sound(which: Sound) {
  if (which === "off") return;
  output ??= new AudioContext();
  void output.resume();
  for (const { hertz, at, seconds, loud } of tones[which]) {
    const from = output.currentTime + at;
    const voice = output.createOscillator();
    const level = output.createGain();
    voice.frequency.value = hertz;
    level.gain.setValueAtTime(0, from);
    level.gain.linearRampToValueAtTime(loud, from + 0.012);
    level.gain.exponentialRampToValueAtTime(0.0001, from + seconds);
    voice.connect(level).connect(output.destination);
    voice.start(from);
    voice.stop(from + seconds);
  }
}
