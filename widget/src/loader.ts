// The only script a page includes. It asks the server what this site's widget looks like, shows the launcher, and loads
// the panel when somebody reaches for it, or at once when this browser has talked with us before.
import type { BootOptions, EventName, Panel, Screen, Shell, Site } from "./contract";
import { chooseLanguage, labels } from "./language";
import look from "./launcher.css?inline";

declare const __PANEL__: string;

type Listener = (detail?: unknown) => void;

/** One life of the widget on a page, from boot to shutdown. */
interface Life {
  options: BootOptions;
  key: string;
  waiting: ((panel: Panel) => unknown)[]; // what was asked before the site was known
  shell?: Shell;
  panel?: Promise<Panel | void>;
}

const script = document.currentScript as HTMLScriptElement | null;
const base = new URL(script?.src ?? location.href).origin;
const listeners = new Set<[EventName, Listener]>();
let life: Life | undefined;

// In a step of its own: a fault of the page is neither ours nor ours to hide.
const emit = (name: EventName, detail?: unknown) => {
  for (const [wanted, listener] of listeners) if (wanted === name) setTimeout(listener, 0, detail);
};

async function boot(options: BootOptions = {}) {
  const key = options.site ?? script?.dataset.site;
  if (life || !key) return;
  const mine: Life = (life = { options, key, waiting: [] });
  for (let wait = 2e3; life === mine; wait *= 2) {
    try {
      const answer = await fetch(`${base}/widget/v1/sites/${key}`, { credentials: "omit" });
      if (answer.ok) return appear(mine, await answer.json());
      if (answer.status < 429) {
        console.warn(`Rapport: ${answer.status === 403 ? `${location.origin} is not allowed in the settings of this inbox` : "no such inbox"}`);
        return emit("error", answer);
      }
    } catch {
      // The server is out of reach; the page need not know.
    }
    await new Promise((done) => setTimeout(done, Math.min(wait, 3e5) * (Math.random() + 0.5)));
  }
}

function appear(mine: Life, site: Site) {
  if (life !== mine) return; // shut down meanwhile
  const { options, key } = mine;
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const language = chooseLanguage(options.language, site, navigator.languages);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:host{--brand:${site.brand || "#0b6470"}}${look}`);
  root.adoptedStyleSheets = [sheet];
  host.dir = language === "ar" ? "rtl" : "ltr";
  host.lang = language;
  host.className = site.position;

  let launcher: HTMLButtonElement | undefined;
  if (site.show_launcher && options.launcher !== false) {
    launcher = document.createElement("button");
    launcher.ariaLabel = labels[language]!;
    const draw = (name: string) => document.createElementNS("http://www.w3.org/2000/svg", name);
    const [svg, path] = [draw("svg"), draw("path")];
    path.setAttribute("d", "M3 9.3C3 6 6.1 3.5 10 3.5S17 6 17 9.3s-3.1 5.8-7 5.8c-.8 0-1.5-.1-2.2-.3L4.4 16.7l.7-3.3C3.8 12.3 3 10.9 3 9.3Z");
    svg.append(path);
    launcher.append(svg);
    launcher.onpointerenter = launcher.onfocus = () => panelOf(mine);
    launcher.onclick = () => use((panel) => panel.toggle());
    root.append(launcher);
  }
  mine.shell = { base, key, site, language, identity: options.identity, host, root, launcher, emit };
  document.documentElement.append(host); // not the body: there are applications that exchange it
  emit("ready");
  if (mine.waiting.length || options.identity || known(key)) panelOf(mine).then((panel) => panel && mine.waiting.map((act) => act(panel)));
}

/** Whether this browser has talked with us before. */
function known(key: string) {
  try {
    return localStorage[`rapport:${key}`];
  } catch {
    return;
  }
}

const panelOf = (mine: Life): Promise<Panel | void> =>
  (mine.panel ??= import(/* @vite-ignore */ `${base}/${__PANEL__}`)
    .then((module) => module.start(mine.shell!))
    .catch((error) => {
      mine.panel = undefined; // the next touch tries again
      emit("error", error);
    }));

function use(act: (panel: Panel) => unknown) {
  if (life?.shell) panelOf(life).then((panel) => panel && act(panel));
  else life?.waiting.push(act);
}

const Rapport = {
  boot,
  identify: (jwt: string) => use((panel) => panel.identify(jwt)),
  track: (name: string, data?: unknown) => use((panel) => panel.track(name, data)),
  open: (text?: string) => use((panel) => panel.open(text)),
  close: () => use((panel) => panel.close()),
  show: (screen: Screen, id?: number) => use((panel) => panel.show(screen, id)),
  on(name: EventName, listener: Listener) {
    const entry: [EventName, Listener] = [name, listener];
    listeners.add(entry);
    return () => void listeners.delete(entry);
  },
  async shutdown() {
    const mine = life;
    life = undefined;
    mine?.shell?.host.remove();
    if (mine?.panel || (mine?.shell && known(mine.key))) await (await panelOf(mine))?.shutdown();
  },
};

// Included twice, the first one stays.
if (!("Rapport" in window)) {
  Object.assign(window, { Rapport });
  void boot();
}
