import { memory } from "../../app/memory";

const storageKey = "rapport.hold-seconds";
export const holdChoices = [5, 10, 20, 30];
const stored = Number(localStorage.getItem(storageKey));

/** For how long a mail can be taken back before it leaves. Kept in this browser; the mail itself is held on the server. */
export const holdSeconds = memory(holdChoices.includes(stored) ? stored : 10);

holdSeconds.subscribe(() => localStorage.setItem(storageKey, String(holdSeconds.get())));
