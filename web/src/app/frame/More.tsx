import { Icon } from "@rapport/ui";
import type { ComponentProps } from "react";
import { t } from "../../i18n";

/** The way to what has no place of its own on the bar. */
export function More(props: ComponentProps<"button">) {
  return (
    <button type="button" {...props}>
      <Icon name="menu" size={20} />
      <span>{t("action.more")}</span>
    </button>
  );
}
