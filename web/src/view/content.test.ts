import { expect, it } from "vitest";
import type { View } from "../client/nouns";
import { conditionsOf, contentOf, contentOfList, fields, fieldsOf, newLine } from "./content";

const saved: View = {
  key: "saved:late", group: "shared", name: "Late", count: 3, more: false, unread: 0,
  saved: { id: 4, owner_id: null, conditions: { all: [{ field: "waiting", relation: "is", values: ["us"] }], any: [] }, sort: "priority", columns: ["tags"], position: 1, version: 2 },
};

it("begins a view with the list on screen", () => {
  const asked = (key: string, q?: string) => conditionsOf(contentOfList(key, undefined, q, undefined));
  expect(asked("mine").all).toEqual([{ field: "assignee", relation: "is", values: ["me"] }, { field: "status", relation: "is", values: ["open"] }]);
  expect(asked("team:7").all[0]).toEqual({ field: "team", relation: "is", values: ["7"] });
  expect(asked("spam").all).toEqual([{ field: "spam", relation: "is", values: ["yes"] }]);
  expect(asked("all_open", "parcel").all[1]).toEqual({ field: "text", relation: "contains", values: ["parcel"] });
});

it("begins a view with another, as one's own", () => {
  const content = contentOfList("saved:late", saved, undefined, "oldest");
  expect(content).toMatchObject({ name: "", shared: false, sort: "oldest", columns: ["tags"] });
  expect(contentOf(saved)).toMatchObject({ name: "Late", shared: true, sort: "priority" });
});

it("asks nothing by conditions that are not finished", () => {
  const lines = [newLine("tag"), newLine("waiting"), { ...newLine("subject"), values: [" "] }];
  expect(conditionsOf({ all: lines, any: lines })).toEqual({ all: [{ field: "waiting", relation: "is", values: ["us"] }], any: [{ field: "waiting", relation: "is", values: ["us"] }] });
});

it("asks about spam of the whole view only, and gives every line its own place", () => {
  expect(fieldsOf("any")).not.toContain("spam");
  expect(fieldsOf("all")).toEqual(Object.keys(fields));
  expect(newLine().id).not.toBe(newLine().id);
});
