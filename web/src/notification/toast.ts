import { showToast } from "@rapport/ui";
import { api } from "../client/fetch";
import type { NewestOne, Notifications } from "../client/nouns";
import { t } from "../i18n";
import { wordsOf } from "./words";

const SECONDS = 6;

/** Says what has just come, on a screen that somebody looks at and that shows something else. A new conversation of nobody waits in its list already. */
export async function toast(newest: NewestOne, open: (id: number) => void) {
  if (document.hidden || newest.event === "unassigned") return;
  const { items } = await api.get<Notifications>("/notifications", { limit: 5 });
  const told = items.find((item) => item.conversation_id === newest.conversation_id && item.unseen > 0);
  if (!told) return;
  showToast({
    text: wordsOf(told), sub: beginning(told.excerpt || told.subject), seconds: SECONDS,
    action: { label: t("notification.open"), leads: true, run: () => open(told.conversation_id) },
  });
}

const LONGEST = 90;

function beginning(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
