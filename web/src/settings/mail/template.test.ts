import { describe, expect, it } from "vitest";
import shared from "../../automation/variables.json";
import { fill, fillPlain, letter } from "./template";

const values = { "agent.name": "Hanna <b>", "inbox.name": 'A "B" & C', "conversation.number": "42" };
const plain = (text: string) => ({ text, html: "" });
const none = plain("");

describe("fill", () => {
  it.each(shared.cases)("$text", ({ text, html, plain: words, open }) => {
    expect(fill(text, shared.values)).toEqual({ html, open });
    expect(fillPlain(text, shared.values)).toEqual({ text: words, open });
  });
});

describe("letter", () => {
  it("stands around the words and signs below", () => {
    const template = { text: "", html: "<p><b>Hi</b></p><p>{{message}}</p><p>No. {{conversation.number}}</p>" };
    expect(letter(template, { text: "", html: "<p>{{inbox.name}}</p>" }, plain("$& Yes."), values)).toEqual({
      html: '<p><b>Hi</b></p><p>$&amp; Yes.</p><p>No. 42</p><p>-- </p><p>A &#34;B&#34; &amp; C</p>', open: [],
    });
  });
  it("is so without looks, too", () => expect(letter(plain("Hi,\n\n{{message}}"), none, plain("Yes."), values).html).toBe("<p>Hi,</p><p>Yes.</p>"));
  it("is the words alone without either", () => expect(letter(none, none, plain("Yes."), values).html).toBe("<p>Yes.</p>"));
  it("names what has no value", () => expect(letter(plain("{{message}}{{customer.name}}"), plain("{{customer.name}}"), none, values).open).toEqual(["customer.name"]));
});
