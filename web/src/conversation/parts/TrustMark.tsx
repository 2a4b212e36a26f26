import { Explain, Icon } from "@rapport/ui";
import type { ConversationDetail, Message } from "../../client/nouns";
import { t } from "../../i18n";
import { reasonOf, trustOf } from "../trust";

type TrustProps = { message: Message; conversation: ConversationDetail };

const looks = {
  verified: { className: "trust good", icon: "checkCircle", word: "message.verified" },
  unverified: { className: "trust", icon: "alertCircle", word: "trust.not" },
  stranger: { className: "trust chip warning", icon: "alert", word: "trust.new" },
  failed: { className: "trust chip danger", icon: "alert", word: "trust.failed" },
} as const;

/** Whether the sender is who the address says; pressed, it tells by what. */
export function TrustMark({ message, conversation }: TrustProps) {
  const trust = trustOf(message, conversation);
  if (trust === "nothing") return null;
  const { className, icon, word } = looks[trust];
  return (
    <Explain label={t(word)} trigger={<button type="button" className={className}><Icon name={icon} size={12} /><span className={trust === "verified" ? "only-read" : undefined}>{t(word)}</span></button>}>
      <b>{t(word)}</b>
      <p>{reasonOf(message)}</p>
      {trust === "stranger" && <p>{t("trust.new.why")}</p>}
    </Explain>
  );
}

/** Above the words of who is probably somebody else. */
export function TrustWarning({ message, conversation }: TrustProps) {
  if (trustOf(message, conversation) !== "failed") return null;
  return (
    <div className="bounced forged" role="note">
      <Icon name="alert" />
      <div>
        <b>{t("trust.warning", { address: message.author.address })}</b>
        {reasonOf(message)} {t("trust.warning.advice")}
      </div>
    </div>
  );
}
