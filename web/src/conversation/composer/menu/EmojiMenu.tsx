import type { Editor } from "@tiptap/react";
import { useState } from "react";
import { currentLanguage, t } from "../../../i18n";
import { CaretMenu, type Offer } from "./CaretMenu";
import { emojiFor, nameOf, toned, tones, type Emoji } from "./emoji";
import type { Typed } from "./useCaret";

const toneKey = "rapport.skin-tone";
const latelyKey = "rapport.emoji";
const KEPT = 24;

const lately = () => (localStorage.getItem(latelyKey) ?? "").split(" ").filter(Boolean);

/** Offers emoji by name; hands come in the skin tone chosen last. */
export default function EmojiMenu({ editor, at, onLeave }: { editor: Editor; at: Typed; onLeave: () => void }) {
  const [tone, setTone] = useState(() => Number(localStorage.getItem(toneKey)) || 0);
  const found = emojiFor(at.typed.replace(":", ""), lately());
  const take = (each: Emoji): Offer["take"] => ({ from, to }) => {
    localStorage.setItem(latelyKey, [each.sign, ...lately().filter((sign) => sign !== each.sign)].slice(0, KEPT).join(" "));
    editor.chain().focus().insertContentAt({ from, to }, `${toned(each, tone)} `).run();
  };
  function choose(next: number) {
    localStorage.setItem(toneKey, String(next));
    setTone(next);
  }
  const offers = found.map((each): Offer => ({ key: each.sign, mark: <span className="emoji">{toned(each, tone)}</span>, label: nameOf(each, currentLanguage()), take: take(each) }));
  return (
    <CaretMenu
      editor={editor} at={at} label={t("emoji.label")} offers={offers} onLeave={onLeave}
      head={found.some((each) => each.skin) && (
        <div className="tones" role="radiogroup" aria-label={t("emoji.tone")}>
          {tones.map((_, n) => (
            <button key={n} type="button" role="radio" aria-checked={n === tone} aria-label={t("emoji.tone.n", { n: n + 1 })} tabIndex={-1} onClick={() => choose(n)}>{`✋${tones[n]}`}</button>
          ))}
        </div>
      )}
    />
  );
}
