import { Button, Icon } from "@rapport/ui";
import { useCan } from "../account/people";
import type { Contact } from "../client/nouns";
import { t } from "../i18n";
import { useBlock } from "./SpamBanner";

/** At a customer: whether what they write is refused, and the way to change that. */
export default function BlockBlock({ contact }: { contact: Contact }) {
  const { block, busy } = useBlock(contact.id);
  const may = useCan("contact.edit");
  if (!contact.blocked) return may ? <p><Button icon="ban" size="compact" busy={busy} onClick={() => block(true)}>{t("many.block.do")}</Button></p> : null;
  return (
    <div className="suppressed" role="status">
      <Icon name="ban" />
      <div>
        <b>{t("many.blocked")}</b>
        <span>{t("many.blocked.why")}</span>
        {may && <Button look="on-tint" size="compact" busy={busy} onClick={() => block(false)}>{t("many.block.lift")}</Button>}
      </div>
    </div>
  );
}
