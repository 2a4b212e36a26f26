import { describe, expect, it } from "vitest";
import { findingsIn, tongueOf } from "./findings";
import type { Tongue } from "./tone";

const whys = (text: string, language: Tongue, first = false) => findingsIn(text, language, first).map(({ why }) => why).join();

describe("what is worth another look", () => {
  it.each<[Tongue, string, string]>([
    ["en", "PLEASE READ THE MANUAL, it is all in there.", "shouting"], ["en", "We told you about this on Monday!!!", "shouting"], ["en", "That is a ridiculous thing to ask for, honestly.", "insult"],
    ["en", "You should have told us before the parcel left.", "blame"], ["en", "As I already said, the parcel is in the depot.", "blame"], ["en", "This is not our problem: that is not our problem at all.", "blame"],
    ["en", "The parcel is in the the depot since Monday.", "doubled"], ["en", "We will recieve it tommorow at the depot.", "misspelt,misspelt"], ["en", "No.", "curt"],
    ["pl", "To jest pana wina, paczka stała tydzień.", "blame"], ["pl", "Proszę czytać uważnie nasze wiadomości, dobrze?", "blame"], ["pl", "To są bzdury, paczka wyszła w poniedziałek.", "insult"], ["pl", "NATYCHMIAST proszę odebrać paczkę z punktu.", "shouting"],
    ["pl", "Paczka jest jest w punkcie od poniedziałku.", "doubled"], ["pl", "Paczka napewno dotrze do poniedziałku rano.", "misspelt"], ["pl", "Nie wiem.", "curt"],
    ["ko", "고객님 잘못입니다. 설명서를 보시면 나와 있습니다.", "blame"], ["ko", "이미 말씀드렸잖아요. 배송은 내일 도착합니다.", "blame"], ["ko", "그런 멍청한 질문에는 답을 드리지 않습니다.", "insult"], ["ko", "배송이 배송이 늦어져서 죄송하다는 말씀을 드립니다.", "doubled"], ["ko", "배송이 완료 됬습니다. 확인 부탁드립니다.", "misspelt"], ["ko", "몰라요.", "curt"],
  ])("%s: %s is %s", (language, text, why) => expect(whys(text, language)).toBe(why));
});

describe("what is well as it is", () => {
  it.each<[Tongue, string]>([
    ["en", "Dear Ewa, your parcel left our store this morning and arrives on Tuesday."], ["en", "Thanks, done."], ["en", "Hello, the PDF with the IBAN and the VAT number is on its way."], ["en", "Hello, I had had that thought, too, and it was very very useful."],
    ["en", "Hello, please see https://SHOUTING.EXAMPLE/AAAAAA for more."], ["en", "Hello,\n> YOU ARE ALL IDIOTS!!!\nI am sorry to hear that, Ewa."], ["en", "Hello, should you have any questions, you could have a look at the page."],
    ["pl", "Dzień dobry, paczka wyszła dziś rano i dotrze do Pani we wtorek."], ["pl", "Dziękuję, gotowe."], ["ko", "안녕하세요. 오늘 아침에 발송되어 화요일에 도착할 예정입니다."], ["ko", "네, 알겠습니다."],
  ])("%s: %s", (language, text) => expect(whys(text, language, true)).toBe(""));
});

it("misses a greeting in the first answer only", () => {
  for (const [language, text] of [["en", "Your parcel left our store this morning."], ["pl", "Paczka wyszła z naszego magazynu dziś rano."], ["ko", "오늘 아침에 발송되어 화요일에 도착할 예정입니다."]] as const) {
    expect(whys(text, language, true)).toBe("greeting");
    expect(whys(text, language)).toBe("");
  }
});

it("says what was probably meant", () => expect(findingsIn("We recieved it this morning, thank you.", "en", false)).toEqual([{ why: "misspelt", words: "recieved", better: "received" }]));

it.each<[string, string, Tongue]>([["Paczka wyszła z magazynu i jest w drodze", "", "pl"], ["내일 도착합니다", "Hello", "ko"], ["Your parcel left this morning", "Dzień dobry, kiedy będzie?", "en"], ["Ok", "Dzień dobry, kiedy będzie paczka?", "pl"], ["", "", "en"]])("takes %j after %j for %s", (text, theirs, tongue) => expect(tongueOf(text, theirs)).toBe(tongue));
