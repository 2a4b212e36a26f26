import { describe, expect, it } from "vitest";
import type { Attachment, Draft } from "../../client/nouns";
import type { LocalDraft } from "../localDrafts";
import { following, newer } from "./useFirstDraft";

const file = (id: number, url: string): Attachment => ({ id, name: `${id}.png`, content_type: "image/png", size: 1, url });
const local = (savedAt: string, ...files: Attachment[]): LocalDraft => ({ text: "here", html: "", to: [], cc: [], bcc: [], files, savedAt });
const server = (updated_at: string, ...attachments: Attachment[]) => ({ text: "there", html: "", to: [], cc: [], bcc: [], attachments, version: 3, updated_at }) as unknown as Draft;

describe("the newer draft", () => {
  it.each([
    ["the one kept here, written later", local("2026-11-22T10:00:02Z"), server("2026-11-22T10:00:01Z"), "here"],
    ["the one kept here, when the server has none", local("2026-11-22T10:00:02Z"), null, "here"],
    ["the server's, written later elsewhere", local("2026-11-22T10:00:02Z"), server("2026-11-22T10:00:09Z"), "there"],
    ["the server's, when none is kept here", null, server("2026-11-22T10:00:09Z"), "there"],
    ["none, when the server's was never written", null, { ...server("2026-11-22T10:00:09Z"), version: 0 }, undefined],
  ])("is %s", (_, here, there, text) => expect(newer(here, there)?.text).toBe(text));
  it("shows its files at the addresses that are good today", () => {
    const kept = local("2026-11-22T10:00:02Z", file(7, "/old"), file(8, "/just-uploaded"));
    expect(newer(kept, server("2026-11-22T10:00:01Z", file(7, "/new")))?.files.map((each) => each.url)).toEqual(["/new", "/just-uploaded"]);
  });
});

describe("whom a draft goes to", () => {
  const now = (all: boolean) => ({ to: [{ address: "new@harbour.example" }], cc: all ? [{ address: "vet@harbour.example" }] : [], bcc: [] });
  const old = { ...local("2026-11-22T10:00:02Z"), to: [{ address: "old@harbour.example" }] };
  const to = (draft: ReturnType<typeof newer>) => [...draft!.to, ...draft!.cc].map(({ address }) => address.split("@")[0]).join();
  it.each([
    ["those of now, who wrote", { ...old, follows: "one" as const }, "new"],
    ["those of now, everybody", { ...old, follows: "all" as const }, "new,vet"],
    ["those its writer chose", old, "old"],
    ["those of now, from the server", newer(null, { ...server("2026-11-22T10:00:09Z"), follows: "all" } as Draft)!, "new,vet"],
    ["nobody else, chosen on the server", newer(null, { ...server("2026-11-22T10:00:09Z"), to: [{ address: "old@harbour.example" }], follows: "" } as Draft)!, "old"],
  ])("is %s", (_, draft, wanted) => expect(to(following(draft, now))).toBe(wanted));
});
