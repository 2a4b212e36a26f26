import { expect, it } from "vitest";
import { spanned, toggled, type Selection } from "./selection";

const of = (...ids: number[]): Selection => ({ ids: new Set(ids), all: false });
const rows = [11, 12, 13, 14, 15].map((id) => ({ id }));

it("takes one in and out, and is no longer all", () => {
  expect([...toggled(of(1), 2).ids]).toEqual([1, 2]);
  expect(toggled({ ids: new Set([1, 2]), all: true }, 2)).toEqual(of(1));
});

it("takes in what lies between, in either direction, and keeps the rest", () => {
  expect([...spanned(of(11), rows, 2, 4).ids]).toEqual([11, 13, 14, 15]);
  expect([...spanned(of(), rows, 3, 1).ids]).toEqual([12, 13, 14]);
});
