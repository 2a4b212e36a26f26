import { describe, expect, it } from "vitest";
import { passagesOf } from "./quote";

describe("passagesOf", () => {
  it.each([
    ["what is quoted apart", "Yes.\n\nOn Friday Miska wrote:\n> Dear Ewa,\n>\n> a new bowl.", [[false, "Yes.\n\nOn Friday Miska wrote:"], [true, "Dear Ewa,\n\na new bowl."]]],
    ["answers between the lines", "> Which size?\nM.\n> Which colour?\nRed.", [[true, "Which size?"], [false, "M."], [true, "Which colour?"], [false, "Red."]]],
    ["one level at a time", "> > Broken.\n>> Twice.\n> Sorry.", [[true, "> Broken.\n> Twice.\nSorry."]]],
    ["no word of a text without a quote", "5 > 3\n\n  > not at the beginning", [[false, "5 > 3\n\n  > not at the beginning"]]],
    ["nothing of nothing", "\n>\n", []],
  ])("gives %s", (_, text, passages) => expect(passagesOf(text).map((each) => [each.quoted, each.text])).toEqual(passages));
});
