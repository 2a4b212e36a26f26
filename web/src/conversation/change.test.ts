import { describe, expect, it } from "vitest";
import type { Conversation } from "../client/nouns";
import { inverseOf, patchOf, type Change } from "./change";
import { belongs } from "./viewNames";

const before = {
  status: "open", assignee_id: 1, team_id: null, priority: "normal", snoozed_until: null, tags: ["a"], subject: "Old", spam: false, inbox_id: 3,
} as unknown as Conversation;
const changes: Change[] = [
  { field: "status", status: "closed" }, { field: "assignee", assignee_id: null }, { field: "team", team_id: 2 }, { field: "priority", priority: "urgent" },
  { field: "snooze", snoozed_until: "2026-12-01T09:00:00Z" }, { field: "tags", tags: [] }, { field: "subject", subject: "New" }, { field: "spam", spam: true },
];

describe("a change", () => {
  it.each(changes)("$field is taken back by its inverse", (change) => {
    const after = { ...before, ...patchOf(change) };
    expect(after).not.toEqual(before);
    expect({ ...after, ...patchOf(inverseOf(change, before)) }).toEqual(before);
  });
});

describe("belongs", () => {
  it.each<[string, Partial<Conversation>, boolean]>([
    ["mine", {}, true], ["mine", { assignee_id: 2 }, false], ["mine", { status: "closed" }, false], ["mine", { snoozed_until: "2026-12-01T09:00:00Z" }, false],
    ["unassigned", { assignee_id: null }, true], ["all_open", {}, true], ["waiting", { status: "pending" }, true], ["closed", { status: "closed" }, true], ["spam", { spam: true }, true],
    ["mine", { spam: true }, false], ["snoozed", { snoozed_until: "2026-12-01T09:00:00Z" }, true], ["inbox:3", {}, true], ["inbox:4", {}, false], ["team:2", { team_id: 2 }, true],
  ])("%s %o: %s", (view, patch, expected) => expect(belongs({ ...before, ...patch }, view, 1)).toBe(expected));
});
