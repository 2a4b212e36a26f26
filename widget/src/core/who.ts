import type { EventName, Site, Visitor } from "../contract";
import { type Api, Refused } from "./api";
import { Book } from "./book";
import type { Keep } from "./keep";
import { page } from "./outbox";
import type { Tabs } from "./tabs";

export interface Surroundings {
  api: Api;
  keep: Keep;
  key: string;
  site: Site;
  language: string;
  identity: string | undefined;
  emit(event: EventName, detail?: unknown): void;
}

/** Who this browser is to the server: its token, the company's proof, and what a refusal says about them. */
export abstract class Who extends Book {
  abstract readonly tabs: Tabs;
  readonly api: Api;
  protected over = false;
  private readonly warned = new Set<string>();
  private proving: Promise<void> | null = null;

  constructor(protected readonly around: Surroundings) {
    super(around.site, (n) => around.emit("unread", n));
    this.api = around.api;
  }

  /** Listens as whoever we are now, and asks what was said before. */
  protected abstract follow(): Promise<void>;
  /** Listens no more; there is nobody to listen as. */
  protected abstract unfollow(): void;

  /** A token before the first message, for a file that goes with it. */
  arrive = () =>
    this.tabs.exclusively("arrive", async () => {
      const { api, keep, language, identity } = this.around;
      const token = keep.read()?.token;
      if (token) api.token = token;
      if (api.token) return;
      const anonymous = { language, time_zone: zone(), page: page() };
      this.adopt(await api.arrive({ ...anonymous, ...(identity && { identity }) }).catch((error: unknown) => {
        if (!identity || !(error instanceof Refused) || error.status !== 403) throw error;
        this.disproved(error); // what is to be said is said all the same
        return api.arrive(anonymous);
      }));
    });

  async identify(jwt: string) {
    const { api } = this.around;
    this.around.identity = jwt;
    const asked = api.token ? api.identify(jwt) : api.arrive({ language: this.around.language, time_zone: zone(), page: page(), identity: jwt });
    this.proving = asked.then((made) => this.adopt(made)).catch(() => {}).finally(() => (this.proving = null));
    try {
      await asked;
      await this.proving;
      await this.enter(api.token);
      this.tabs.post({ kind: "token" });
    } catch (error) {
      if (error instanceof Refused && error.status === 403) this.disproved(error);
      else if (!this.caught(error)) throw error;
    }
  }

  /** The page's proof of who this is was no good. */
  private disproved(error: Refused) {
    this.around.identity = undefined;
    this.warn(error.message);
    this.around.emit("error", error);
  }

  private adopt({ token, visitor }: { token: string; visitor: Visitor }) {
    const { api, keep } = this.around;
    if (this.over) return; // shut down while it was on its way: nothing is kept of it
    api.token = token;
    keep.write({ ...keep.read(), token, visitor });
    this.set({ visitor, phase: this.state.phase === "new" ? "ready" : this.state.phase });
    this.tabs.join();
  }

  protected async enter(token: string) {
    if (this.over) return;
    this.around.api.token = token;
    if (this.state.phase !== "ready") this.set({ phase: "loading" });
    await this.follow();
  }

  /** The server does not know us any more: a new beginning, with the words that were not sent. */
  private ended(which: string) {
    const { api, keep } = this.around;
    if (this.over || which !== api.token) return;
    const token = keep.read()?.token;
    if (token && token !== api.token) return void this.enter(token); // another tab is somebody new already
    const rescued = keep.unsent().map((each) => each.text).join("\n\n");
    keep.forget();
    this.fresh(rescued);
    this.tabs.post({ kind: "token" });
  }

  /** Another tab is somebody else now, or nobody any more. */
  protected changed() {
    const token = this.around.keep.read()?.token ?? "";
    if (token === this.around.api.token) return;
    if (token) void this.enter(token);
    else this.fresh("");
  }

  private fresh(rescued: string) {
    this.around.api.token = "";
    this.unfollow();
    this.set({ visitor: null, phase: "new", conversations: [], lines: new Map(), unsent: [], typing: new Map(), moved: new Map(), asked: false, rescued });
  }

  /* ---- what a refusal says ---- */

  protected readonly refused = (status: number, token: string) => void this.caught(new Refused(status, "", 0, token));

  /** A screen's request failed; what concerns everybody is handled here. */
  told = (error: unknown) => void this.caught(error);

  /** Handles what any request may be told; false leaves it to the caller. */
  private caught(error: unknown): boolean {
    if (!(error instanceof Refused)) return false;
    if (error.status === 401) {
      // While a proof is on its way the old token may end before the new one is here.
      if (this.proving) void this.proving.then(() => this.ended(error.token));
      else this.ended(error.token);
    }
    else if (error.status === 403) this.warn(error.message || `${location.origin} is not an allowed site of this inbox.`);
    else return error.passing;
    return true;
  }

  private warn(said: string) {
    if (!this.warned.has(said)) console.warn(`Rapport: ${said}`);
    this.warned.add(said);
  }

  /** Does it, and gives what the server refused it with. */
  protected async guard(work: () => Promise<unknown>): Promise<Refused | null> {
    try {
      await work();
      return null;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.caught(error);
      return error;
    }
  }
}

export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
