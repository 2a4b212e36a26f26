import { describe, expect, it } from "vitest";
import { mentioned, teammatesFor, typedName } from "./mentions";

const people = [{ id: 1, name: "Anna" }, { id: 2, name: "Anna Nowak" }, { id: 3, name: "박지우" }, { id: 4, name: "Tom Ellery" }];

describe("typedName", () => {
  it.each([
    ["@", ""], ["see @To", "To"], ["@Anna N", "Anna N"], ["(@Tom", "Tom"], ["@박", "박"],
    ["ewa@harbour", null], ["@Anna Nowak and", null], ["@ Tom", null], ["nobody", null], ["@Tom\nnext", null],
  ])("of %j is %j", (before, typed) => expect(typedName(before)).toBe(typed));
});

describe("teammatesFor", () => {
  const names = (typed: string) => teammatesFor(typed, people).map((each) => each.name);
  it("offers all for a bare @", () => expect(names("")).toHaveLength(4));
  it("finds by the beginning, whatever the case", () => expect(names("an")).toEqual(["Anna", "Anna Nowak"]));
  it("finds by the family name", () => expect(names("ell")).toEqual(["Tom Ellery"]));
  it("offers nobody once a name is complete and left", () => expect(names("박지우 ")).toEqual([]));
});

describe("mentioned", () => {
  it("takes the longer name", () => expect(mentioned("@Anna Nowak, look", people)).toEqual([2]));
  it("names each once", () => expect(mentioned("@박지우 and @Anna and @박지우", people)).toEqual([3, 1]));
  it("takes all of a team", () => expect(mentioned("@Care team please, @Tom Ellery too", people, [{ id: 1, name: "Care team", agent_ids: [2, 4] }])).toEqual([2, 4]));
  it("needs the whole name", () => expect(mentioned("@Tom", people)).toEqual([]));
});
