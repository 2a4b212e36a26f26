import { describe, expect, it } from "vitest";
import { pushed, shownAs, tabFor } from "./push";

describe("what is pushed", () => {
  const full = { title: "Ewa Marsh", body: "Burek is unwell again", tag: "c12", url: "/c/12", count: 3 };
  it("is read as it was sent", () => expect(pushed(JSON.stringify(full))).toEqual(full));
  it.each([undefined, "", "no JSON", "null", "[]", '"words"', '{"title":5}'])("shows something for %j", (text) =>
    expect(pushed(text)).toEqual({ title: "Rapport", body: "", tag: "", url: "/", count: null }));
  it.each(["https://elsewhere.example/", "//elsewhere.example/c/1", "javascript:alert(1)", "/\\elsewhere.example", "c/12", 12])("never leads outside: %s", (url) =>
    expect(pushed(JSON.stringify({ ...full, url })).url).toBe("/"));
  it.each([[-1, null], ["3", null], [1.5, 1], [0, 0]])("counts %j as %j", (count, want) => expect(pushed(JSON.stringify({ ...full, count })).count).toBe(want));
  it("replaces what has the same tag, and is heard again", () => {
    expect(shownAs(pushed(JSON.stringify(full)))).toMatchObject({ tag: "c12", renotify: true, data: { url: "/c/12" } });
    expect(shownAs(pushed(JSON.stringify({ ...full, tag: "" })))).not.toHaveProperty("renotify");
  });
});

describe("a click", () => {
  const tab = (path: string, more = {}) => ({ url: `https://desk.example${path}`, focused: false, visibilityState: "hidden", ...more });
  it.each([
    ["the tab that shows it", [tab("/", { focused: true }), tab("/c/12?view=mine")], "/c/12?view=mine"],
    ["the tab in front", [tab("/contacts"), tab("/settings", { focused: true })], "/settings"],
    ["one that can be seen", [tab("/contacts"), tab("/health", { visibilityState: "visible" })], "/health"],
    ["any", [tab("/contacts")], "/contacts"],
  ])("goes to %s", (_, tabs, want) => expect(tabFor(tabs, "/c/12")?.url).toBe(`https://desk.example${want}`));
  it("has none to go to", () => expect(tabFor([], "/c/12")).toBeUndefined());
});
