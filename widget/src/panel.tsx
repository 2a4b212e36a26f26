// The panel: what the loader loads when somebody reaches for the launcher.
import { brandColours, type BrandTheme } from "@rapport/ui/brand";
import { render } from "preact";
import type { Panel, Screen, Shell } from "./contract";
import { Api } from "./core/api";
import { report } from "./core/book";
import { newId } from "./core/id";
import { Keep } from "./core/keep";
import { Session } from "./core/session";
import look from "./css/panel.css?inline";
import { DeskContext, type Desk, type Place } from "./parts/desk";
import { Home, Messages, Rows } from "./parts/Home";
import { wordsOf, type Words } from "./words";

const FULL = "(max-width: 480px), (max-height: 480px)"; // the panel takes the whole screen
const SITE_LASTS = 5 * 60_000;
const SLEPT = 60_000;
const drawings = { open: "m5 8 5 5 5-5", closed: "" };

export async function start(shell: Shell): Promise<Panel> {
  const words = await wordsOf(shell.language);
  const front = new Front(shell, words);
  void front.session.start();
  return front;
}

class Front implements Panel {
  readonly session: Session;
  private readonly keep: Keep;
  private place: Place = { screen: "home" };
  private isOpen = false;
  private before: HTMLElement | null = null; // had the focus when we opened
  private siteAt = Date.now();
  private peeked = 0;
  private readonly box = document.createElement("div");
  private readonly badge = document.createElement("em");
  private readonly ending = new AbortController();
  private readonly events: { name: string; at: number; data: unknown }[] = [];
  private clock = 0;
  private drawing = false;
  private stale = false;
  private talk: Awaited<typeof import("./talk")> | undefined;

  constructor(
    private readonly shell: Shell,
    private readonly words: Words,
  ) {
    this.keep = new Keep(shell.key);
    this.peeked = this.keep.read()?.peeked ?? 0;
    this.session = new Session({
      api: new Api(shell.base, shell.key), keep: this.keep, key: shell.key, site: shell.site, language: words.language, identity: shell.identity, emit: shell.emit,
    });
    const colours = (theme: BrandTheme) => {
      const { fill, onFill, fillHover, text, soft, line, band, onBand } = brandColours(shell.site.brand, theme);
      return `:host{--fill:${fill};--on-fill:${onFill};--fill-hover:${fillHover};--brand-text:${text};--brand-soft:${soft};--brand-line:${line};--band:${band};--on-band:${onBand}}`;
    };
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`${look}${colours("light")}@media(prefers-color-scheme:dark){${colours("dark")}}`);
    shell.root.adoptedStyleSheets = [sheet]; // the launcher's look among it
    drawings.closed ||= shell.launcher?.querySelector("path")?.getAttribute("d") ?? "";
    shell.launcher?.append(this.badge);
    if (!shell.launcher) shell.host.classList.add("bare");
    shell.root.append(this.box);
    this.session.subscribe(() => this.draw());
    this.listen();
    this.draw();
    void this.fetchTalk();
  }

  private async fetchTalk() {
    try {
      this.talk ??= await import("./talk");
    } catch {
      return void setTimeout(() => void this.fetchTalk(), 3000);
    }
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(this.talk.look);
    const { root } = this.shell;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    this.draw();
    if (this.isOpen && this.place.screen === "conversation") this.focus();
  }

  /* ---- what window.Rapport passes on ---- */

  open(text?: string) {
    if (text !== undefined) {
      if (this.place.screen !== "conversation") this.go({ screen: "conversation" });
      this.keep.keepDraft(this.place.conversation!, text);
    }
    if (this.isOpen) return this.draw();
    this.before = document.activeElement as HTMLElement | null;
    this.isOpen = true;
    const news = this.session.state.conversations.find((each) => each.unread);
    if (text === undefined && this.place.screen === "home" && news) this.place = { screen: "conversation", conversation: news.id };
    this.draw();
    this.focus();
    this.session.wake();
    if (Date.now() - this.siteAt > SITE_LASTS) this.refresh();
    this.shell.emit("open");
  }

  close() {
    if (!this.isOpen) return;
    const inside = this.shell.root.activeElement;
    this.isOpen = false;
    this.draw();
    if (inside) (this.shell.launcher ?? this.before)?.focus();
    this.shell.emit("close");
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  show(screen: Screen, id?: number) {
    this.go({ screen, ...(id && { conversation: id }) });
    this.open();
  }

  identify = (jwt: string) => this.session.identify(jwt);

  /** Remembered here, as long as the page; nothing leaves the browser. */
  track(name: string, data?: unknown) {
    this.events.push({ name, at: Date.now(), data });
    if (this.events.length > 50) this.events.shift();
  }

  async shutdown() {
    this.ending.abort();
    clearInterval(this.clock);
    this.lockPage(false);
    await this.session.leave();
    render(null, this.box);
    this.box.remove();
  }

  /* ---- drawing ---- */

  private readonly go = (place: Place) => {
    this.place = place.screen === "conversation" && !place.conversation ? { ...place, conversation: `new:${newId()}` } : place;
    this.draw();
    if (this.isOpen) this.focus();
  };

  /** An effect may change the session in the middle of a drawing, which is then done once more, never inside itself. */
  private draw() {
    this.stale = true;
    if (this.drawing) return;
    this.drawing = true;
    try {
      while (this.stale) {
        this.stale = false;
        this.paint();
      }
    } catch (error) {
      report(error); // what was about to be done goes on, and the next change draws again
    } finally {
      this.drawing = false;
    }
  }

  private paint() {
    const { session, words, shell, isOpen, talk } = this;
    const { state } = session;
    const { conversation } = this.place;
    const to = conversation && state.moved.get(conversation);
    if (to) {
      // What is being written goes along.
      this.keep.keepDraft(to, this.keep.draft(conversation));
      this.keep.keepDraft(conversation, "");
      this.place = { screen: "conversation", conversation: to };
    }
    else if (typeof conversation === "number" && state.phase === "new") {
      // The session has ended: the words not sent go on in a new conversation.
      const draft = [state.rescued, this.keep.draft(conversation)].filter(Boolean).join("\n\n");
      this.place = { screen: "conversation", conversation: `new:${newId()}` };
      this.keep.keepDraft(this.place.conversation!, draft);
    }
    else if (state.gone.has(conversation as number)) this.place = { screen: "home" };
    const desk: Desk = {
      session, words, place: this.place, visible: isOpen && document.visibilityState === "visible", go: this.go, close: () => this.close(),
      draft: (of) => this.keep.draft(of), keepDraft: (of, text) => this.keep.keepDraft(of, text),
    };
    const news = isOpen ? undefined : state.conversations.find((each) => each.unread && each.last && each.last.author.kind !== "visitor" && each.last_position > 0 && this.stampOf(each) > this.peeked);
    const full = isOpen && matchMedia(FULL).matches;
    const brief = this.place.screen === "home" && state.conversations.length === 0 && state.phase !== "loading"; // little to say: a small panel
    const { screen } = this.place;
    render(
      <DeskContext.Provider value={desk}>
        {isOpen && (
          <section class={full ? "w phone" : brief ? "w brief" : "w"} role="dialog" aria-label={words.t("dialog", { name: state.site.name })} onKeyDown={this.key} onFocusOut={this.left}>
            {screen === "home" ? <Home /> : screen === "messages" ? <Messages /> : !talk ? <Rows n={4} /> : <talk.Talk key={this.talkKey()} conversation={this.place.conversation!} />}
          </section>
        )}
        {news && talk && <talk.Peek conversation={news} dismiss={() => this.dismiss()} open={() => { this.dismiss(); this.go({ screen: "conversation", conversation: news.id }); this.open(); }} />}
      </DeskContext.Provider>,
      this.box,
    );
    this.lockPage(full);
    const { launcher } = shell;
    if (!launcher) return;
    const unread = session.unread;
    launcher.ariaExpanded = `${isOpen}`;
    launcher.ariaLabel = isOpen ? words.t("close") : unread ? words.n("open.new", unread) : words.t("open");
    launcher.querySelector("path")?.setAttribute("d", isOpen ? drawings.open : drawings.closed);
    launcher.hidden = full;
    this.badge.hidden = isOpen || !unread;
    this.badge.textContent = unread > 9 ? "9+" : `${unread}`;
  }

  /** A conversation that gets its place on the server stays the same on screen: what is being written goes on. */
  private keyed: [number | string, string] = ["", ""];
  private talkKey(): string {
    const { conversation } = this.place;
    const [last, key] = this.keyed;
    const same = conversation === last || (typeof last === "string" && this.session.state.moved.get(last) === conversation);
    this.keyed = [conversation!, same ? key : newId()];
    return this.keyed[1];
  }

  private readonly stampOf = (each: { last: { created_at: string } | null }) => Date.parse(each.last?.created_at ?? "") || 0;

  private dismiss() {
    this.peeked = Math.max(...this.session.state.conversations.map(this.stampOf), this.peeked);
    this.keep.change({ peeked: this.peeked });
    this.draw();
  }

  private focus() {
    const touch = matchMedia("(pointer: coarse)").matches;
    // On a phone the keyboard would cover what one came to read.
    const first = this.box.querySelector<HTMLElement>(touch ? "[data-first]:not([data-write]), [tabindex]" : "[data-first]");
    first?.focus({ preventScroll: true });
  }

  private readonly key = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.defaultPrevented) this.close();
  };

  /** Over the whole screen nothing behind it may have the focus unseen: whoever goes on, closes it. */
  private readonly left = (event: FocusEvent) => {
    if (!event.relatedTarget || !matchMedia(FULL).matches) return;
    if (!this.shell.root.contains(event.relatedTarget as Node)) this.close();
  };

  private overflow: string | null = null;
  private lockPage(lock: boolean) {
    const { style } = document.documentElement;
    if (lock === (this.overflow !== null)) return;
    if (lock) this.overflow = style.overflow;
    style.overflow = lock ? "hidden" : this.overflow ?? "";
    if (!lock) this.overflow = null;
  }

  /* ---- the world around ---- */

  private refresh() {
    this.siteAt = Date.now();
    void this.session.refreshSite();
  }

  private listen() {
    const { signal } = this.ending;
    const on = (target: EventTarget, name: string, act: (event: Event) => void) => target.addEventListener(name, act, { signal });
    let hidden = 0;
    on(document, "visibilitychange", () => {
      if (document.visibilityState === "hidden") return void (hidden = Date.now());
      this.session.wake(Date.now() - hidden > SLEPT);
      this.draw();
    });
    on(window, "online", () => this.session.wake(true));
    on(window, "pageshow", (event) => (event as PageTransitionEvent).persisted && this.session.wake(true));
    on(window, "resize", () => this.draw());
    const view = window.visualViewport;
    if (view) {
      // The keyboard of a telephone covers the page; the panel fits what is left.
      const fit = () => {
        this.box.style.setProperty("--vh", `${view.height}px`);
        this.box.style.setProperty("--top", `${view.offsetTop}px`);
      };
      on(view, "resize", fit);
      on(view, "scroll", fit);
      fit();
    }
    let last = Date.now();
    this.clock = setInterval(() => {
      const now = Date.now();
      if (now - last > SLEPT) this.session.wake(true); // the machine slept
      last = now;
      const { opens_at, closes_at } = this.session.state.site;
      const turns = [opens_at, closes_at].some((at) => at && Date.parse(at) < now && Date.parse(at) > this.siteAt);
      if (this.isOpen && (turns || now - this.siteAt > SITE_LASTS)) this.refresh();
      else if (this.isOpen) this.draw();
      if (this.isOpen && document.visibilityState === "visible") this.session.check();
    }, 15_000) as unknown as number;
  }
}
