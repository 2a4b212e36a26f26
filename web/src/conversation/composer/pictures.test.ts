import { describe, expect, it } from "vitest";
import type { Attachment } from "../../client/nouns";
import { filesWith, forEditor, forFrame, fromEditor, picturesIn, standsInText } from "./pictures";

const file = (id: number): Attachment => ({ id, name: `${id}.png`, content_type: "image/png", size: 1, url: `/${id}` });
const html = (...ids: number[]) => ids.map((id) => `<p><img src="cid:file-${id}@rapport" alt="image: ${id}.png"></p>`).join("");
const known = new Map([7, 8].map((id) => [id, file(id)]));

describe("pictures in a text", () => {
  it("are found by their ids, and nothing else is", () => {
    expect([...picturesIn(html(7, 8) + `<img src="cid:photo@ewa"><img src="https://evil.example/file-9@rapport">`)]).toEqual([7, 8]);
  });
  it("come back from the editor as they went", () => {
    expect(forEditor(html(7))).not.toContain("cid:");
    expect(fromEditor(forEditor(html(7, 8)))).toBe(html(7, 8));
  });
  it.each([
    ["a picture that was put in", html(7), [file(1), file(7)], [1, 7]],
    ["a picture taken out of the text", html(), [file(1), file(7)], [1]],
    ["a picture that undo has brought back", html(7), [file(1)], [1, 7]],
    ["a file beside the text", html(), [file(1)], [1]],
    ["one of two", html(8), [file(7), file(8)], [8]],
  ])("take their files with them: %s", (_, text, files, want) => {
    expect(filesWith(text, files, known).map((each) => each.id)).toEqual(want);
  });
  it("does not make new files of the same ones", () => {
    const files = [file(1), file(7)];
    expect(filesWith(html(7), files, known)).toBe(files);
  });
  it.each([["image/png", 10, true], ["image/svg+xml", 10, false], ["application/pdf", 10, false], ["image/jpeg", 6 << 20, false]])("%s of %d bytes: %s", (type, size, want) => {
    const one = new File([], "x", { type });
    Object.defineProperty(one, "size", { value: size });
    expect(standsInText(one)).toBe(want);
  });
});

describe("in a frame of ours", () => {
  it("pictures come from where they are kept", () => {
    expect(forFrame(html(7, 8), (id) => (id === 7 ? "/files/7?link=a&b" : undefined))).toBe('<p><img src="/files/7?link=a&amp;b" alt="image: 7.png"></p><p><img src="" alt="image: 8.png"></p>');
  });
});
