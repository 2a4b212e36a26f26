import { describe, expect, it } from "vitest";
import { fill, letter } from "./template";

const values = { "agent.name": "Hanna", "conversation.number": "42" };

describe("fill", () => {
  it.each<[string, string, string[]]>([
    ["Hello {{customer.first_name|there}}, I am {{ agent.name }}", "Hello there, I am Hanna", []],
    ["Hello {{customer.first_name | dear friend }}", "Hello dear friend", []],
    ["Hello {{customer.first_name|}}!", "Hello !", []],
    ["{{customer.name}} {{customer.name}}", "{{customer.name}} {{customer.name}}", ["customer.name"]],
    ["{{message}} { }", "{{message}} { }", []],
  ])("%s", (text, filled, open) => expect(fill(text, values)).toEqual({ text: filled, open }));
});

describe("letter", () => {
  it("stands around the words and signs below", () => expect(letter("Hi,\n{{message}}\nNo. {{conversation.number}}", "{{agent.name}}", "$& Yes.", values)).toEqual({ text: "Hi,\n$& Yes.\nNo. 42\n\n-- \nHanna", open: [] }));
  it("is the words alone without either", () => expect(letter("", "", "Yes.", values).text).toBe("Yes."));
  it("names what has no value", () => expect(letter("{{message}}{{customer.name}}", "{{customer.name}}", "", values).open).toEqual(["customer.name"]));
});
