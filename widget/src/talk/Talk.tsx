import { Fragment } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Message } from "../contract";
import { dayName, length } from "../times";
import { Promised } from "./Asking";
import { Bubble, Waiting } from "./Bubble";
import { Composer } from "./Composer";
import { Face, Faces } from "../parts/Face";
import { Now, Unreachable } from "../parts/Home";
import { Icon } from "../parts/icons";
import { Menu } from "./Menu";
import { Transcript } from "./Transcript";
import { useDesk } from "../parts/desk";

const LATE = 30_000;
const NEAR = 80; // pixels from the newest message that still count as being there

/** One conversation, or one that begins. */
export function Talk({ conversation }: { conversation: number | string }) {
  const desk = useDesk();
  const { session, words, visible } = desk;
  const { t } = words;
  const { state } = session;
  const id = typeof conversation === "number" ? conversation : 0;
  const about = id ? session.conversation(id) : undefined;
  const line = session.line(id);
  const unsent = state.unsent.filter((each) => each.conversation === conversation);
  const [notice, setNotice] = useState("");
  const [asking, setAsking] = useState(false);
  const [below, setBelow] = useState(false); // news below what one sees
  const log = useRef<HTMLDivElement>(null);
  const near = () => !log.current || Math.abs(log.current.scrollTop) < NEAR;
  const newest = line.items.at(-1);

  useEffect(() => {
    if (id) void session.open(id);
  }, [id]);
  useLayoutEffect(() => {
    if (!newest) return;
    if (newest.author.kind === "visitor" || near()) toEnd();
    else setBelow(true);
  }, [newest?.id, unsent.length]);
  useEffect(() => {
    if (visible && id && line.ready && near()) session.saw(id);
  }, [visible, id, newest?.id, line.ready, below, about?.unread]);
  useTicks(unsent.length > 0);

  function toEnd() {
    if (log.current) log.current.scrollTop = 0;
    setBelow(false);
  }
  function scrolled() {
    if (near()) setBelow(false);
    const { scrollTop, scrollHeight, clientHeight } = log.current!;
    if (line.older && scrollHeight - clientHeight + scrollTop < 200) void session.older(id);
  }
  const askPerson = () => void session.person(id).then(() => setNotice(t("person.done")), (error) => {
    session.told(error);
    setNotice(t("wrong"));
  });
  const typing = state.typing.get(id);
  const face = about?.with ?? null;
  const bot = newest?.author.kind === "bot";
  return (
    <>
      <header class="w-head">
        <button class="ib" aria-label={t("back")} onClick={() => desk.go({ screen: "home" })}><Icon name="back" /></button>
        {(face || bot) && <Face of={face} bot={bot} large />}
        <div class="who"><b tabIndex={-1} dir="auto">{(bot ? newest.author.name : face?.name) || state.site.name}{bot && <span class="tag">{t("bot")}</span>}</b><Now short /></div>
        {!face && !bot && <Faces team={state.site.team?.slice(0, 2)} />}
        {id > 0 && (
          <Menu
            label={t("more")}
            items={[
              [t("person"), askPerson],
              ...(state.site.mail ? [[t("transcript"), () => setAsking(true)] as [string, () => void]] : []),
            ]}
          />
        )}
        <button class="ib" aria-label={t("close")} onClick={desk.close}><Icon name="x" /></button>
      </header>
      <div class="strip" role="status">
        {state.link === "lost" && id > 0 && <p class="note"><Icon name="alert" small />{t("lost")}</p>}
        {notice && <p class="note ok">{notice}<button class="ib" aria-label={t("dismiss")} onClick={() => setNotice("")}><Icon name="x" small /></button></p>}
      </div>
      {asking && <Transcript id={id} done={(said) => { setAsking(false); setNotice(said); }} />}
      <div class="w-log" ref={log} onScroll={scrolled} tabIndex={0} role="region" aria-label={t("log")}>
        <div class="w-in" role="log" aria-live="polite" aria-relevant="additions">
          {line.older && <button class="btn-text older" onClick={() => void session.older(id)}>{t("older")}</button>}
          {!id && unsent.length === 0 && <Begin />}
          {id > 0 && !line.ready && (state.phase === "unreachable" ? <Unreachable /> : <Skeleton />)}
          <Messages items={line.items} agentsSeen={about?.agents_seen_position ?? 0} mailedTo={about?.mailed_position ?? 0} waiting={unsent.length > 0} />
          {unsent.map((each) => {
            const age = Date.now() - each.at;
            return <Waiting key={each.client_id} message={each} late={age > LATE && state.link !== "open"} sending={state.link !== "lost" && age < LATE / 3} />;
          })}
          {about && line.ready && unsent.length === 0 && newest?.author.kind === "visitor" && <Promised conversation={about} />}
          {about?.status === "closed" && <p class="event"><span>{t("closed.here")}</span></p>}
        </div>
      </div>
      <div class="after">
        {below && <button class="pill" onClick={toEnd}><Icon name="down" small />{t("newer")}</button>}
        <div role="status">{typing !== undefined && <div class="m last"><Face of={face ?? { name: typing, photo_url: null }} /><p class="b typing"><i /><i /><i /><span class="vh">{t("typing", { name: typing || t("team") })}</span></p></div>}</div>
      </div>
      {bot && id > 0 && (
        <div class="person">
          <Icon name="person" /><span>{state.site.usual_reply_seconds === null ? t("person.bar") : t("person.in", { time: length(words, state.site.usual_reply_seconds) })}</span>
          <button class="btn btn-line" onClick={askPerson}>{t("person")}</button>
        </div>
      )}
      <Composer conversation={conversation} say={setNotice} />
    </>
  );
}

function Messages({ items, agentsSeen, mailedTo, waiting }: { items: readonly Message[]; agentsSeen: number; mailedTo: number; waiting: boolean }) {
  const { words } = useDesk();
  const now = new Date();
  const mine = items.filter((each) => each.author.kind === "visitor");
  // Only the last one seen and the last one delivered carry a label.
  const seen = mine.filter((each) => each.position <= agentsSeen).at(-1);
  const delivered = waiting ? undefined : mine.at(-1);
  const mailed = items.filter((each) => each.author.kind !== "visitor" && each.position <= mailedTo).at(-1);
  let day = "";
  return (
    <>
      {items.map((each, at) => {
        const name = dayName(words, new Date(each.created_at), now);
        const first = name !== day;
        day = name;
        return (
          <Fragment key={each.id}>
            {first && <p class="day">{name}</p>}
            <Bubble message={each} before={first ? undefined : items[at - 1]} after={items[at + 1]} label={each === seen ? "seen" : each === delivered ? "delivered" : each === mailed ? "mailed" : null} />
          </Fragment>
        );
      })}
    </>
  );
}

function Begin() {
  const { session, words: { t, language } } = useDesk();
  const { site, rescued } = session.state;
  return (
    <div class="begin">
      <Faces team={site.team} />
      <p><b dir="auto">{site.greeting[language] || t("hello")}</b>{rescued ? t("ended") : t("begin")}</p>
    </div>
  );
}

function Skeleton() {
  const { words: { t } } = useDesk();
  return <div class="wait talk" role="status" aria-label={t("loading")}><i /><i /><i /></div>;
}

/** Draws anew now and then, while something on screen grows old. */
function useTicks(on: boolean) {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => tick((n) => n + 1), 3000);
    return () => clearInterval(timer);
  }, [on]);
}
