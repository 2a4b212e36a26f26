import { describe, expect, it } from "vitest";
import { mentionsFile } from "./attachmentWords";

describe("says that a file comes with it", () => {
  it.each([
    ["en", "Please see the attached invoice."], ["en", "I have attached the return label."], ["en", "I've just attached two photos"], ["en", "Attached you'll find the label."], ["en", "The label is attached."], ["en", "Please find enclosed our price list."], ["en", "You will find it in the attachment."],
    ["pl", "W załączeniu faktura."], ["pl", "Załączam etykietę zwrotną."], ["pl", "W załączniku znajdzie Pani fakturę."], ["pl", "Przesyłam w zalaczniku umowę"], ["pl", "Proszę wypełnić załączony dokument."],
    ["ko", "영수증 파일을 첨부합니다."], ["ko", "반품 라벨 첨부드립니다."], ["ko", "첨부된 파일 확인 부탁드립니다."], ["ko", "첨부파일을 확인해 주세요."],
    ["de", "Im Anhang finden Sie die Rechnung."], ["de", "Ich hänge Ihnen das Etikett an."], ["de", "Anbei erhalten Sie das Angebot."], ["de", "Die Rechnung habe ich beigefügt."],
    ["fr", "Vous trouverez la facture en pièce jointe."], ["fr", "Veuillez trouver ci-joint le devis."], ["fr", "Je joins la facture à ce message."],
    ["es", "Adjunto la factura."], ["es", "Le envío el documento adjunto."], ["es", "He adjuntado dos fotos."],
    ["it", "In allegato trova la fattura."], ["it", "Allego la ricevuta."],
    ["pt", "Segue em anexo a fatura."], ["pt", "Anexei o comprovante."],
    ["nl", "In de bijlage vindt u de factuur."], ["nl", "Bijgevoegd vindt u het label."],
    ["cs", "V příloze posílám fakturu."], ["cs", "Přikládám štítek pro vrácení."],
    ["uk", "У вкладенні рахунок."], ["uk", "Надсилаю рахунок у додатку."], ["uk", "Прикріплюю фото."],
    ["ja", "請求書を添付いたします。"], ["ja", "添付ファイルをご確認ください。"], ["ja", "ラベルを添付しました。"],
  ])("%s: %s", (_, text) => expect(mentionsFile(text)).toBe(true));
});

describe("says something else", () => {
  it.each([
    ["en", "She is very attached to her cat."], ["en", "The handle is attached with two screws."], ["en", "Could you attach a photo of the bag?"], ["en", "Your mail had no attachment."], ["en", "There was nothing attached to your mail."], ["en", "We have a long attachment to this town."], ["en", "Don't attach the leash to the collar."],
    ["pl", "Proszę załączyć zdjęcie."], ["pl", "W mailu nie było bez załącznika nic."], ["pl", "Proszę włączyć i załadować ponownie."],
    ["ko", "사진을 첨부해 주세요."], ["ko", "메일에 첨부파일이 없었습니다."],
    ["de", "Ihr Hund hängt sehr an Ihnen."], ["de", "Ihre Mail kam ohne Anhang an."], ["de", "Der Anhänger am Halsband ist aus Messing."],
    ["fr", "Pourriez-vous joindre une photo ?"], ["fr", "Je me joins à vous."],
    ["es", "¿Podría adjuntar una foto?"], ["es", "El director adjunto le llamará."],
    ["it", "Può allegare una foto?"], ["it", "Il cane è allegro."],
    ["pt", "Pode anexar uma foto?"], ["pt", "O edifício anexo está fechado."],
    ["nl", "Kunt u een foto meesturen?"], ["nl", "Dat is niet bijzonder."],
    ["cs", "Mohl byste přiložit fotku?"], ["cs", "Příležitost se nabídne."],
    ["uk", "Чи можете додати фото?"], ["uk", "Завантажте наш додаток."],
    ["ja", "写真を添付してください。"], ["ja", "添付ファイルがありませんでした。"],
  ])("%s: %s", (_, text) => expect(mentionsFile(text)).toBe(false));
});

it("looks at new words only, never at a quote", () => {
  expect(mentionsFile("Thank you.\n> I have attached the photo.")).toBe(false);
  expect(mentionsFile("> Thank you.\nI have attached the label.")).toBe(true);
});
