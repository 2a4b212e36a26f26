import { Avatar } from "@rapport/ui";
import type { ComponentProps } from "react";
import { useMe } from "../../account/people";
import { t } from "../../i18n";

/** One's own face at the end of the rail. */
export function Me(props: ComponentProps<"button">) {
  const { agent } = useMe();
  return (
    <button type="button" className="area" aria-label={t("frame.me", { name: agent.name })} {...props}>
      <Avatar name={agent.name} seed={agent.id} photo={agent.photo_url} size={28} />
    </button>
  );
}
