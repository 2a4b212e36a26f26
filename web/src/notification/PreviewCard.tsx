import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Card, Icon } from "@rapport/ui";
import { useEffect, useState } from "react";
import type { NotificationSettings, PreviewedNotification } from "../client/nouns";
import { t } from "../i18n";
import { clock } from "../i18n/dates";
import { previewQuery, ways, type Way } from "./settings";
import { wordsOf } from "./words";

const PAUSE_MS = 300;

/** What would have happened today with the settings as they stand on screen. */
export function PreviewCard({ settings }: { settings: NotificationSettings }) {
  const { data } = useQuery({ ...previewQuery(useSettled(settings)), placeholderData: keepPreviousData });
  if (!data) return null;
  const { totals, items } = data;
  return (
    <Card title={t("notification.preview")}>
      <p className="card-body quiet" role="status">
        {t("notification.preview.totals", { app: totals.app, sound: totals.sound, push: totals.push, mail: totals.mail })}
      </p>
      {items.length > 0 ? <ul className="rows compact preview">{items.map((item) => <Line key={`${item.conversation_id} ${item.ways.event} ${item.at}`} item={item} />)}</ul> : <p className="card-body quiet small">{t("notification.preview.none")}</p>}
    </Card>
  );
}

function Line({ item }: { item: PreviewedNotification }) {
  const taken: Way[] = ways.filter((way) => item.ways[way]);
  return (
    <li>
      <time className="quiet small nowrap" dateTime={item.at}>{clock(item.at)}</time>
      <Link className="grow cut" to="/c/$id" params={{ id: String(item.conversation_id) }} dir="auto">
        {wordsOf({ event: item.ways.event, actor: item.actor, number: item.number })} <span className="quiet">{item.subject}</span>
      </Link>
      <span className="quiet small nowrap">{taken.length > 0 ? taken.map((way) => t(`notification.way.${way}`)).join(", ") : <><Icon name="snooze" size={12} /> {t("notification.preview.silent")}</>}</span>
    </li>
  );
}

/** The value once it has not changed for a moment. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [value]);
  return settled;
}
