import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Avatar } from "@rapport/ui";
import { useEffect, useState } from "react";
import { Ago } from "../../app/Ago";
import { channelIcon } from "../../app/channelIcon";
import { api } from "../../client/fetch";
import { messageOf } from "../../client/problem";
import type { Conditions, ViewPreviewConversation } from "../../client/nouns";
import type { Sort } from "../../conversation/savedViews";
import { countOf } from "../../conversation/viewNames";
import { t } from "../../i18n";
import { languageOf } from "../../i18n/language";

const PAUSE_MS = 250;

/** A value that follows after a pause. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [value]);
  return settled;
}

/** How many conversations the conditions find now, and the first of them. */
export function Sample({ conditions, sort }: { conditions: Conditions; sort: Sort }) {
  const asked = useSettled(JSON.stringify({ conditions, sort }));
  const { data, error } = useQuery({
    queryKey: ["view", "preview", asked], queryFn: () => api.post<ViewPreviewConversation>("/views/preview", JSON.parse(asked)), placeholderData: keepPreviousData, gcTime: 60_000, staleTime: 0,
  });
  return (
    <section className="view-sample" aria-label={t("saved.sample")}>
      <p className="view-found" role="status">{error ? messageOf(error) : data ? t("saved.found", { n: data.count, count: countOf(data) }) : t("saved.counting")}</p>
      {data && !error && data.items.length === 0 && <p className="hint">{t("saved.nothing")}</p>}
      <ul>
        {!error && data?.items.map(({ id, contact, channel, subject, excerpt, last_activity_at }) => {
          const name = contact.name || contact.address || t("contact.visitor");
          const about = subject || excerpt || t("conversation.noSubject");
          return (
            <li key={id}>
              <Avatar name={name} seed={contact.id} channel={channelIcon(channel)} />
              <span className="cell">
                <span className="line-1"><span className="name cut" dir="auto" lang={languageOf(name)}>{name}</span><span className="when"><Ago at={last_activity_at} /></span></span>
                <span className="subject cut" dir="auto" lang={languageOf(about)} title={about}>{about}</span>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
