import { describe, expect, it } from "vitest";
import type { BulkChange, Conversation } from "../client/nouns";
import { asOne, patchFor, reasonsOf } from "./change";

const row = { id: 1, status: "open", tags: ["Refund", "old"], snoozed_until: "2026-11-23T09:00:00Z" } as Conversation;

describe("what a row shows at once", () => {
  it("ends a snooze with the status", () => expect(patchFor({ do: "status", status: "closed" }, row)).toEqual({ status: "closed", snoozed_until: null }));
  it("adds a tag once, however it is written", () => {
    expect(patchFor({ do: "tags", add_tags: ["refund", "VIP"], remove_tags: ["OLD"] }, row)).toEqual({ tags: ["Refund", "VIP"] });
  });
  it("sets the one field", () => expect(patchFor({ do: "assignee", assignee_id: null }, row)).toEqual({ assignee_id: null }));
});

it("has the words of the same change of one", () => expect(asOne({ do: "priority", priority: "high" })).toEqual({ field: "priority", priority: "high" }));

it("tells each reason once", () => {
  const items = ["refused", "refused", "changed", "kept"].map((state, n) => ({ state, reason: n < 2 ? "No." : n === 3 ? "Since." : "" }));
  expect(reasonsOf({ items } as BulkChange)).toBe("No. Since.");
});
