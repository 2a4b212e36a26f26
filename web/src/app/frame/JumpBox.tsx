import { Icon } from "@rapport/ui";
import { t } from "../../i18n";
import { shownKeys } from "../keys";
import { overlay } from "./overlay";

/** The palette for whoever uses the mouse. */
export function JumpBox() {
  return (
    <button type="button" className="jump" onClick={() => overlay.set("palette")}>
      <Icon name="search" />
      <span>{t("frame.jump")}</span>
      <kbd>{shownKeys("⌘K")}</kbd>
    </button>
  );
}
