import type { Conversation } from "../contract";
import { coming, date, honestLine, moment } from "../times";
import { Face, Faces } from "./Face";
import { Icon, type IconName } from "./icons";
import { useDesk } from "./desk";

export function Now({ short }: { short?: boolean }) {
  const { session, words } = useDesk();
  const line = honestLine(words, session.state.site, new Date(), short);
  return <p class={line.open ? "now" : "now closed"}>{line.text}</p>;
}

/** The first screen: who is there, what was said before, and the way to say something. */
export function Home() {
  const desk = useDesk();
  const { session, words: { t, language } } = desk;
  const { site, visitor, conversations, phase } = session.state;
  const own = site.greeting[language];
  const name = visitor?.name?.trim().split(/\s+/)[0];
  return (
    <>
      <header class="w-hero">
        <div class="w-hero-top">
          <b class="logo">{site.name}</b>
          <Faces team={site.team} />
          <button class="ib" aria-label={t("close")} onClick={desk.close}><Icon name="x" /></button>
        </div>
        <h2 tabIndex={-1} data-first dir="auto">{own || (name ? t("hello.name", { name }) : t("hello"))}</h2>
        <Now />
      </header>
      <div class="w-body" tabIndex={conversations.length ? undefined : 0}>
        {phase === "loading" && <Rows n={2} />}
        {phase === "unreachable" && <Unreachable />}
        {conversations.length > 0 && (
          <>
            <h3>{t("yours")}</h3>
            <List conversations={conversations.slice(0, 3)} />
            {conversations.length > 3 && <button class="row all" onClick={() => desk.go({ screen: "messages" })}><span class="row-t">{t("all")}</span><Icon name="go" small /></button>}
          </>
        )}
        {conversations.length === 0 && (phase === "new" || phase === "ready") && <Know />}
      </div>
      <footer class="w-foot">
        <button class="btn btn-full" onClick={() => desk.go({ screen: "conversation" })}><Icon name="chat" />{t("start")}</button>
      </footer>
    </>
  );
}

export function Messages() {
  const desk = useDesk();
  const { session, words: { t } } = desk;
  const { conversations, phase } = session.state;
  return (
    <>
      <header class="w-head">
        <button class="ib" aria-label={t("back")} onClick={() => desk.go({ screen: "home" })}><Icon name="back" /></button>
        <div class="who"><b tabIndex={-1} data-first>{t("yours")}</b><Now short /></div>
        <button class="ib" aria-label={t("close")} onClick={desk.close}><Icon name="x" /></button>
      </header>
      <div class="w-body">
        {phase === "loading" ? <Rows n={4} /> : conversations.length ? <List conversations={conversations} /> : <Know />}
        {phase === "unreachable" && <Unreachable />}
      </div>
      <footer class="w-foot">
        <button class="btn btn-full" onClick={() => desk.go({ screen: "conversation" })}><Icon name="chat" />{t("new")}</button>
      </footer>
    </>
  );
}

function List({ conversations }: { conversations: readonly Conversation[] }) {
  return <ul class="rows">{conversations.map((each) => <Row key={each.id} conversation={each} />)}</ul>;
}

function Row({ conversation: { id, last, subject, status, closed_at, unread, promise_at, with: agent } }: { conversation: Conversation }) {
  const { go, session, words } = useDesk();
  const { t, n } = words;
  const now = new Date();
  const bot = last?.author.kind === "bot";
  const face = agent ?? (last?.author.kind === "agent" ? last.author : session.state.site.team?.[0]) ?? null;
  // The words decide the line's direction; the name before them keeps its own.
  const said = last && <><bdi>{last.author.kind === "visitor" ? t("you") : last.author.name || session.state.site.name}</bdi>: {last.text}</>;
  const state = status === "closed" && closed_at ? t("closed.on", { date: date(words, new Date(closed_at), now) })
    : promise_at && new Date(promise_at) > now ? t("answer.by", { time: coming(words, new Date(promise_at), now) }) : said;
  return (
    <li>
      <button class={unread ? "row unread" : "row"} onClick={() => go({ screen: "conversation", conversation: id })}>
        <Face of={face} bot={bot} large />
        <span class="row-t"><b dir="auto">{subject || last?.text || t("new")}</b><span dir="auto">{state}</span></span>
        {last && <time dateTime={last.created_at}>{moment(words, new Date(last.created_at), now)}</time>}
        {unread > 0 && <span class="dot" role="img" aria-label={n("unread", unread)} />}
      </button>
    </li>
  );
}

/** What a visitor may want to know before the first word; nothing in it is decoration. */
function Know() {
  const { session, words } = useDesk();
  const { t } = words;
  const { site, phase } = session.state;
  const lines: [IconName, string][] = [];
  if (!site.open && site.opens_at) lines.push(["clock", t("know.closed", { time: coming(words, new Date(site.opens_at), new Date()) })]);
  lines.push(["chat", t("know.leave")]);
  if (phase === "new") lines.push(["lock", t("know.private")]);
  return <ul class="know">{lines.map(([icon, text]) => <li key={icon}><Icon name={icon} /><span>{text}</span></li>)}</ul>;
}

export function Rows({ n }: { n: number }) {
  const { words: { t } } = useDesk();
  return <div class="wait" role="status" aria-label={t("loading")}>{Array.from({ length: n }, (_, at) => <i key={at} />)}</div>;
}

export function Unreachable() {
  const { session, words: { t } } = useDesk();
  return <p class="note" role="alert"><Icon name="alert" small />{t("unreachable")}<button class="btn-text" onClick={() => void session.sync()}>{t("again")}</button></p>;
}
