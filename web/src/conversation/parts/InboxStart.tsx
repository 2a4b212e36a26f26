import { Empty } from "@rapport/ui";
import { useMe } from "../../account/people";
import { shownKeys } from "../../app/keys";
import { t } from "../../i18n";
import { givenName } from "../../i18n/names";
import { useViews } from "../queries";

/** What stands in place of a conversation while none is open. */
export function InboxStart({ view }: { view: string }) {
  const { agent } = useMe();
  const current = useViews().find((each) => each.key === view);
  return (
    <section className="pane-conversation start" aria-label={t("conversation.one")}>
      {current && current.count > 0 ? (
        <Empty icon="inbox" title={t("inbox.pick")} why={t("inbox.pick.why", { key: shownKeys("J"), open: shownKeys("↵") })} />
      ) : (
        <Empty icon="checkCircle" title={t("inbox.hello", { name: givenName(agent.name) })} why={t("inbox.hello.why")} />
      )}
    </section>
  );
}
