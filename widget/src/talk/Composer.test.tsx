import { render } from "preact";
import { act } from "preact/test-utils";
import { describe, expect, it } from "vitest";
import type { Session } from "../core/session";
import { DeskContext, type Desk } from "../parts/desk";
import { say } from "../words";
import en from "../words/en.json";
import { site } from "../../test/world";
import { Composer } from "./Composer";

/** A composer on a desk whose drafts are a map. */
function desk(session: Partial<Session> = {}) {
  const box = document.createElement("div");
  document.body.append(box);
  const drafts = new Map<number | string, string>();
  const said: string[] = [];
  const value = {
    session: { state: { site }, api: { token: "rav_1" }, typing: () => {}, say: (_: unknown, text: string) => said.push(text), ...session } as unknown as Session,
    words: say("en", en), draft: (of: number | string) => drafts.get(of) ?? "", keepDraft: (of: number | string, text: string) => void drafts.set(of, text),
  } as unknown as Desk;
  const draw = (conversation: number | string) => render(<DeskContext.Provider value={{ ...value }}><Composer conversation={conversation} say={() => {}} /></DeskContext.Provider>, box);
  const area = () => box.querySelector("textarea")!;
  const type = (text: string) => {
    area().value = text;
    area().dispatchEvent(new InputEvent("input", { bubbles: true }));
  };
  return { box, drafts, said, draw, area, type };
}
const moment = () => new Promise((done) => setTimeout(done, 60));

describe("what is being written", () => {
  it("goes along when the conversation finds its place between a key and the next drawing", async () => {
    const { drafts, draw, area, type } = desk();
    await act(() => draw("new:1"));
    type("And the ");
    draw("new:1"); // drawn, its effects still to come
    drafts.set(7, drafts.get("new:1")!);
    drafts.set("new:1", "");
    draw(7);
    await moment();
    expect(area().value).toBe("And the ");
  });

  it("is taken from elsewhere when it was given there", async () => {
    const { drafts, draw, area } = desk();
    await act(() => draw(7));
    drafts.set(7, "Is the duck back?");
    await act(() => draw(7));
    expect(area().value).toBe("Is the duck back?");
  });

  it("stays when it was typed while the files of the message before went up", async () => {
    let up = (_: object) => {};
    const { box, said, draw, area, type, drafts } = desk({
      arrive: async () => {}, api: { token: "rav_1", upload: () => ({ done: new Promise((done) => (up = done)), abort: () => {} }) },
    } as unknown as Partial<Session>);
    await act(() => draw(7));
    const picker = box.querySelector<HTMLInputElement>("input[type=file]")!;
    Object.defineProperty(picker, "files", { value: [new File(["x"], "x.txt")] });
    Object.defineProperty(picker, "value", { set: () => {}, get: () => "" });
    await act(() => void picker.dispatchEvent(new Event("change", { bubbles: true })));
    await act(() => type("See the file."));
    await act(() => void box.querySelector("form")!.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true })));
    await act(() => type("See the file. And the next thing"));
    up({ id: 1, name: "x.txt", content_type: "text/plain", size: 1 });
    await moment();
    expect(said).toEqual(["See the file."]);
    expect([area().value, drafts.get(7)]).toEqual(["And the next thing", "And the next thing"]);
  });
});
