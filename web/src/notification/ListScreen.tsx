import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Avatar, Button, Empty, Icon, IconButton, type IconName } from "@rapport/ui";
import { useEffect, useRef, useState } from "react";
import { Ago } from "../app/Ago";
import { useCommands } from "../app/commands";
import { Failed } from "../app/Failed";
import { Page, Places } from "../app/Page";
import { api } from "../client/fetch";
import type { Notification, Notifications } from "../client/nouns";
import { useAct } from "../client/useAct";
import { t } from "../i18n";
import "./notification.css";
import { notificationKeys, see } from "./unseen";
import { wordsOf } from "./words";

/** What I was told, a line for each conversation, unseen ones first. */
export function NotificationsScreen() {
  const { data, error, isPending, refetch } = useQuery({ queryKey: notificationKeys.list, queryFn: ({ signal }) => api.get<Notifications>("/notifications", {}, signal) });
  const items = data?.items ?? [];
  const unseen = items.filter((item) => item.unseen > 0);
  const earlier = items.filter((item) => item.unseen === 0);
  const { at, list, mark, busy } = useKeys([...unseen, ...earlier]);
  const places = [
    { to: "/notifications", icon: "bell" as const, label: t("frame.notifications"), count: data?.unseen ?? 0 },
    { to: "/settings/notifications", icon: "gear" as const, label: t("frame.settings") },
  ];
  const seeAll = (data?.unseen ?? 0) > 0 && <Button busy={busy} keys="⇧A" onClick={() => mark(null)}>{t("notification.seeAll")}</Button>;
  return (
    <>
      <Places title={t("frame.notifications")} groups={[{ places }]} />
      <Page title={t("frame.notifications")} actions={seeAll}>
        {error ? (
          <Failed error={error} onRetry={refetch} />
        ) : items.length === 0 && !isPending ? (
          <Empty icon="bell" title={t("notification.none")} why={t("notification.none.why")} />
        ) : (
          <div className="notifications" ref={list}>
            {unseen.length > 0 && <Part title={t("notification.unseen")} items={unseen} first={0} at={at} onSeen={mark} />}
            {earlier.length > 0 && <Part title={t("notification.earlier")} items={earlier} first={unseen.length} at={at} onSeen={mark} />}
          </div>
        )}
      </Page>
    </>
  );
}

/** J and K move, ↵ opens, and what is under the cursor can be marked. */
function useKeys(items: Notification[]) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [busy, act] = useAct();
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const cursor = Math.max(0, Math.min(at, items.length - 1));
  const here = items[cursor];
  const mark = (id: number | null) => void act(() => see(id).finally(() => client.invalidateQueries({ queryKey: notificationKeys.list })));
  useEffect(() => {
    list.current?.querySelector("[data-cursor]")?.scrollIntoView({ block: "nearest" });
  }, [cursor]);
  useCommands([
    { id: "notification.next", label: t("command.next"), keys: "J|↓", group: "list", keyOnly: true, run: () => setAt(Math.min(cursor + 1, items.length - 1)) },
    { id: "notification.previous", label: t("command.previous"), keys: "K|↑", group: "list", keyOnly: true, run: () => setAt(Math.max(cursor - 1, 0)) },
    { id: "notification.open", label: t("command.open"), keys: "O|↵", group: "list", keyOnly: true, run: () => here && void navigate({ to: "/c/$id", params: { id: String(here.conversation_id) } }) },
    ...(here && here.unseen > 0 ? [{ id: "notification.see", label: t("notification.see"), keys: "⇧I", group: "list" as const, icon: "check" as const, run: () => mark(here.conversation_id) }] : []),
    { id: "notification.seeAll", label: t("notification.seeAll"), keys: "⇧A", group: "list", icon: "check", run: () => mark(null) },
  ]);
  return { at: cursor, list, mark, busy };
}

type PartProps = { title: string; items: Notification[]; first: number; at: number; onSeen: (id: number) => void };

function Part({ title, items, first, at, onSeen }: PartProps) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ul>{items.map((item, n) => <Row key={item.conversation_id} item={item} isAt={first + n === at} onSeen={onSeen} />)}</ul>
    </section>
  );
}

const icons: Record<Notification["event"], IconName> = { mention: "at", assigned: "person", undelivered: "alert", reply: "chat", followed: "eye", unassigned: "inbox" };

function Row({ item, isAt, onSeen }: { item: Notification; isAt: boolean; onSeen: (id: number) => void }) {
  const isNew = item.unseen > 0;
  const faceless = item.event === "undelivered" || item.actor.name === "";
  return (
    <li className="notification" data-new={isNew || undefined} data-cursor={isAt || undefined}>
      <Link to="/c/$id" params={{ id: String(item.conversation_id) }}>
        <span className="dot-place" aria-hidden="true">{isNew && <i />}</span>
        {faceless ? <span className="event-face"><Icon name={icons[item.event]} /></span> : <Avatar name={item.actor.name} seed={item.actor.id ?? 0} size={32} />}
        <span className="words">
          <span className="line-1">
            <b className="cut" dir="auto">{wordsOf(item)}</b>
            {item.unseen > 1 && <span className="quiet nowrap">{t("notification.more", { n: item.unseen - 1 })}</span>}
          </span>
          <span className="cut quiet" dir="auto">#{item.number} {item.subject}</span>
          {item.excerpt && <span className="cut excerpt" dir="auto">{item.excerpt}</span>}
        </span>
        <span className="quiet small nowrap"><Ago at={item.at} /></span>
      </Link>
      {isNew && <IconButton small icon="check" label={t("notification.see")} keys={isAt ? "⇧I" : undefined} onClick={() => onSeen(item.conversation_id)} />}
    </li>
  );
}
