import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Icon } from "@rapport/ui";
import type { Inbox } from "../../client/nouns";
import { t } from "../../i18n";
import { inboxes as verbs, useInboxChange } from "../queries";

/** Above the title of every inbox: back to the list, or while adding one to the choice of its kind. */
export function BackToInboxes({ isNew }: { isNew: boolean }) {
  if (isNew) return <Link className="back" to="/settings/inboxes/$id" params={{ id: "new" }}><Icon name="left" />{t("inboxes.new")}</Link>;
  return <Link className="back" to="/settings/inboxes"><Icon name="left" />{t("settings.inboxes")}</Link>;
}

export function RemoveButton({ inbox }: { inbox: Inbox }) {
  const navigate = useNavigate();
  const remove = useInboxChange(() => verbs.remove(inbox.id));
  return <Button look="bare" busy={remove.isPending} onClick={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: "/settings/inboxes" }) })}>{t("inboxes.remove")}</Button>;
}
