import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { Button, Empty } from "@rapport/ui";
import { Ago } from "../app/Ago";
import { Failed } from "../app/Failed";
import { Page, Places } from "../app/Page";
import { api } from "../client/fetch";
import { useAct } from "../client/useAct";
import type { Page as Part, WaitingMessage } from "../client/nouns";
import { t } from "../i18n";
import { until } from "../i18n/dates";
import { useInboxes } from "../settings/queries";

const EVERY_MS = 5_000;

/** What has not left: what waits for its time or the mail server, and what has failed. */
export function OutboxScreen() {
  const { of } = useSearch({ from: "/gate/outbox" }); // "mine", or the id of an inbox
  const inboxes = useInboxes().filter((each) => each.channel === "email");
  const { data: list = [], isPending, error, refetch } = useQuery({
    queryKey: ["outbox", of], refetchInterval: EVERY_MS,
    queryFn: async () => (await api.get<Part<WaitingMessage>>("/outgoing", of === "mine" ? { mine: "true" } : of ? { inbox_id: of } : {})).items,
  });
  const groups = [
    { places: [{ to: "/outbox", search: { of: "mine" }, icon: "person" as const, label: t("outbox.mine") }, { to: "/outbox", search: { of: undefined }, icon: "people" as const, label: t("outbox.all") }] },
    { places: inboxes.map((each) => ({ to: "/outbox", search: { of: String(each.id) }, icon: "mail" as const, label: each.name })) },
  ];
  return (
    <>
      <Places title={t("outbox.title")} groups={groups} />
      <Page title={t("outbox.title")} sub={t("outbox.why")}>
        {error ? (
          <Failed error={error} onRetry={refetch} />
        ) : list.length === 0 && !isPending ? (
          <Empty icon="send" title={t("outbox.none")} why={t("outbox.none.why")} />
        ) : (
          <ul className="card outbox">{failedFirst(list).map((each) => <Row key={each.message_id} item={each} />)}</ul>
        )}
      </Page>
    </>
  );
}

const isBad = (item: WaitingMessage) => item.state === "failed" || item.state === "bounced";

/** What needs a hand stands above what only waits. */
const failedFirst = (list: WaitingMessage[]) => [...list.filter(isBad), ...list.filter((item) => !isBad(item))];

function Row({ item }: { item: WaitingMessage }) {
  const client = useQueryClient();
  const [busy, act] = useAct();
  const path = `/conversations/${item.conversation_id}/messages/${item.message_id}`;
  const change = (run: () => Promise<unknown>) => void act(async () => {
    await run().finally(() => client.invalidateQueries({ queryKey: ["outbox"] }));
  });
  const bad = isBad(item);
  return (
    <li className="outbox-row">
      <div className="grow">
        <Link to="/c/$id" params={{ id: String(item.conversation_id) }} className="cut"><b dir="auto">{item.subject || `#${item.number}`}</b></Link>
        <p className="cut quiet" dir="auto">{item.to.join(", ")} · {item.excerpt}</p>
        <p className={bad ? "bad" : "quiet"}>{words(item)}</p>
      </div>
      <span className="quiet small nowrap">{item.author_name} · <Ago at={item.created_at} /></span>
      <span className="actions">
        {item.state === "held" && <Button size="compact" busy={busy} onClick={() => change(() => api.put(`${path}/send_at`, { send_at: null }))}>{t("later.now")}</Button>}
        {bad && <Button size="compact" busy={busy} onClick={() => change(() => api.post(`${path}/retry`))}>{t("delivery.retry")}</Button>}
        {!bad && <Button size="compact" busy={busy} onClick={() => change(() => api.delete(`${path}/hold`))}>{t("later.back")}</Button>}
      </span>
    </li>
  );
}

/** The state in a sentence, with what to wait for or to do. */
function words({ state, at, reason }: WaitingMessage): string {
  const why = reason ? ` ${reason.replace(/[.\s]*$/, "")}.` : "";
  if (state === "held") return at ? t("later.goes", { time: until(at) }) : t("delivery.held");
  if (state === "failed" || state === "bounced") return `${t(`delivery.${state}`)}.${why} ${t("outbox.failed")}`;
  return `${t(`delivery.${state}`)}.${why}${at ? ` ${t("delivery.delayedUntil", { time: until(at) })}` : ""}`;
}
