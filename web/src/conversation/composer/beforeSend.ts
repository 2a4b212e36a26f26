import { memory } from "../../app/memory";

const storageKey = "rapport.before-send";

/** Whether answers are looked at for tone and slips before they go out. Off until somebody wants it; kept in this browser, where all of it happens. */
export const beforeSend = memory(localStorage.getItem(storageKey) === "on");

beforeSend.subscribe(() => localStorage.setItem(storageKey, beforeSend.get() ? "on" : "off"));
