import { expect, it } from "vitest";
import { numberIn } from "./subject";

it.each([
  ["Re: [#1042] Where is my parcel?", 1042],
  ["about #7, again", 7],
  ["Odp: [##12##]", 12],
  ["Re: #5 and #6", 6],
  ["#5", null],
  ["1042", null],
  ["#0", null],
  ["#12345678901", null],
  ["", null],
])("THR-10: %s names %s", (subject, number) => expect(numberIn(subject, 5)).toBe(number));
