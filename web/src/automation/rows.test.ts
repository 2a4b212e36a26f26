import { describe, expect, it } from "vitest";
import { blank, isWhole, kinds, moved, tagsOf } from "./rows";

const rows = [1, 2, 3].map((uid) => ({ uid, step: blank("assign") }));
const order = (list: { uid: number }[]) => list.map(({ uid }) => uid).join("");

describe("moved", () => {
  it.each<[number, -1 | 1, string]>([[1, 1, "213"], [3, -1, "132"], [2, 1, "132"], [1, -1, "123"], [3, 1, "123"], [9, 1, "123"]])("%i by %i: %s", (uid, by, wanted) => expect(order(moved(rows, uid, by))).toBe(wanted));
});

describe("isWhole", () => {
  it("asks for words and tags where there are none", () => expect(kinds.filter((kind) => !isWhole(blank(kind)))).toEqual(["reply", "note", "tags"]));
  it("is content with either kind of tags", () => expect(isWhole({ do: "tags", add: [], remove: ["a"] })).toBe(true));
  it("wants more than spaces", () => expect(isWhole({ do: "note", text: " \n" })).toBe(false));
});

it("reads tags as they are typed", () => expect(tagsOf(" torn, nets ,,torn,")).toEqual(["torn", "nets"]));
