package mailparse

import (
	"strings"
	"testing"
)

func TestTHR13TheOriginalSenderOfAForwardIsFound(t *testing.T) {
	const ewa = "Ewa Marsh <ewa@harbour.example>"
	for _, c := range []struct{ name, subject, text string }{
		{"Gmail, English", "Fwd: Leash", "Please take this one.\n\n---------- Forwarded message ---------\nFrom: Ewa Marsh <ewa@harbour.example>\nDate: Fri, Nov 20, 2026 at 10:00 AM\nSubject: Leash\nTo: <hanna@miska.example>\n\nIt broke."},
		{"Gmail, German", "Fwd: Leine", "---------- Forwarded message ---------\nVon: Ewa Marsh <ewa@harbour.example>\nDate: Fr., 20. Nov. 2026 um 10:00 Uhr\nSubject: Leine\nTo: <hanna@miska.example>\n\nSie ist gerissen."},
		{"Gmail, bold names", "Fwd: Leash", "---------- Forwarded message ---------\n*From:* Ewa Marsh <ewa@harbour.example>\n*Date:* Fri, Nov 20, 2026\n*Subject:* Leash\n*To:* <hanna@miska.example>\n\nIt broke."},
		{"Gmail, Polish", "Fwd: Smycz", "---------- Forwarded message ---------\nOd: Ewa Marsh <ewa@harbour.example>\nDate: pt., 20 lis 2026 o 10:00\nSubject: Smycz\nTo: <hanna@miska.example>\n\nPękła."},
		{"Gmail, Korean", "Fwd: 목줄", "---------- Forwarded message ---------\n보낸사람: Ewa Marsh <ewa@harbour.example>\nDate: 2026년 11월 20일 (금) 오전 10:00\nSubject: 목줄\nTo: <hanna@miska.example>\n\n끊어졌어요."},
		{"Outlook, English", "FW: Leash", "Yours?\n\n________________________________\nFrom: Ewa Marsh <ewa@harbour.example>\nSent: Friday, November 20, 2026 10:00 AM\nTo: Hanna <hanna@miska.example>\nSubject: Leash\n\nIt broke."},
		{"Outlook, German", "WG: Leine", "Von: Ewa Marsh <ewa@harbour.example>\nGesendet: Freitag, 20. November 2026 10:00\nAn: Hanna <hanna@miska.example>\nBetreff: Leine\n\nGerissen."},
		{"Outlook, French", "TR: Laisse", "De : Ewa Marsh <ewa@harbour.example>\nEnvoyé : vendredi 20 novembre 2026 10:00\nÀ : Hanna <hanna@miska.example>\nObjet : Laisse\n\nCassée."},
		{"Outlook, Spanish", "RV: Correa", "De: Ewa Marsh <ewa@harbour.example>\nEnviado el: viernes, 20 de noviembre de 2026 10:00\nPara: Hanna <hanna@miska.example>\nAsunto: Correa\n\nSe rompió."},
		{"Outlook, Polish", "PD: Smycz", "Od: Ewa Marsh <ewa@harbour.example>\nWysłano: piątek, 20 listopada 2026 10:00\nDo: Hanna <hanna@miska.example>\nTemat: Smycz\n\nPękła."},
		{"Outlook, Korean", "FW: 목줄", "보낸 사람: Ewa Marsh <ewa@harbour.example>\n보낸 날짜: 2026년 11월 20일 금요일 오전 10:00\n받는 사람: Hanna <hanna@miska.example>\n제목: 목줄\n\n끊어졌어요."},
		{"Outlook, mailto", "FW: Leash", "From: Ewa Marsh [mailto:ewa@harbour.example]\nSent: Friday, November 20, 2026 10:00 AM\nTo: Hanna\nSubject: Leash\n\nIt broke."},
		{"Outlook, a link in the address", "FW: Leash", "From: Ewa Marsh <ewa@harbour.example<mailto:ewa@harbour.example>>\nSent: Friday\nTo: Hanna\nSubject: Leash\n\nIt broke."},
		{"Apple Mail, English", "Fwd: Leash", "Begin forwarded message:\n\n> From: Ewa Marsh <ewa@harbour.example>\n> Subject: Leash\n> Date: 20 November 2026 at 10:00:00 CET\n> To: hanna@miska.example\n> \n> It broke."},
		{"Apple Mail, German", "Fwd: Leine", "Anfang der weitergeleiteten Nachricht:\n\nVon: Ewa Marsh <ewa@harbour.example>\nBetreff: Leine\nDatum: 20. November 2026 um 10:00:00 MEZ\nAn: hanna@miska.example\n\nGerissen."},
		{"Apple Mail, French", "Fwd: Laisse", "Début du message transféré :\n\nDe: Ewa Marsh <ewa@harbour.example>\nObjet: Laisse\nDate: 20 novembre 2026 à 10:00:00 UTC+1\nÀ: hanna@miska.example\n\nCassée."},
		{"Apple Mail, Spanish", "Fwd: Correa", "Inicio del mensaje reenviado:\n\nDe: Ewa Marsh <ewa@harbour.example>\nAsunto: Correa\nFecha: 20 de noviembre de 2026\nPara: hanna@miska.example\n\nSe rompió."},
		{"Thunderbird, English", "Fwd: Leash", "-------- Forwarded Message --------\nSubject: \tLeash\nDate: \tFri, 20 Nov 2026 10:00:00 +0100\nFrom: \tEwa Marsh <ewa@harbour.example>\nTo: \thanna@miska.example\n\nIt broke."},
		{"Thunderbird, German", "Fwd: Leine", "-------- Weitergeleitete Nachricht --------\nBetreff: \tLeine\nDatum: \tFri, 20 Nov 2026 10:00:00 +0100\nVon: \tEwa Marsh <ewa@harbour.example>\nAn: \thanna@miska.example\n\nGerissen."},
		{"Thunderbird, Polish", "Fwd: Smycz", "-------- Przekazana wiadomość --------\nTemat: \tSmycz\nData: \tFri, 20 Nov 2026 10:00:00 +0100\nNadawca: \tEwa Marsh <ewa@harbour.example>\nAdresat: \thanna@miska.example\n\nPękła."},
		{"Thunderbird, Korean", "Fwd: 목줄", "-------- 전달된 메시지 --------\n제목: \t목줄\n날짜: \tFri, 20 Nov 2026 10:00:00 +0100\n보낸 사람: \tEwa Marsh <ewa@harbour.example>\n받는 사람: \thanna@miska.example\n\n끊어졌어요."},
		{"the subject lost, the line kept", "Leash", "-------- Forwarded Message --------\nSubject: Leash\nDate: Fri, 20 Nov 2026\nFrom: Ewa Marsh <ewa@harbour.example>\nTo: hanna@miska.example\n\nIt broke."},
		{"of two in each other, the outer", "Fwd: Fwd: Leash", "---------- Forwarded message ---------\nFrom: Ewa Marsh <ewa@harbour.example>\nDate: Fri\nSubject: Fwd: Leash\nTo: <hanna@miska.example>\n\n---------- Forwarded message ---------\nFrom: Tom <tom@else.example>\nDate: Thu\nSubject: Leash\nTo: <ewa@harbour.example>\n\nIt broke."},
	} {
		m, err := Parse([]byte("From: hanna@miska.example\r\nTo: hello@miska.example\r\nSubject: " + c.subject + "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(c.text, "\n", "\r\n")))
		if err != nil {
			t.Fatal(err)
		}
		if from, found := m.Original(); !found || from.Name+" <"+from.Address+">" != ewa {
			t.Errorf("%s: %+v, %v", c.name, from, found)
		}
	}
}

func TestTHR13NobodyIsFoundWhereNothingIsForwarded(t *testing.T) {
	const block = "From: Ewa Marsh <ewa@harbour.example>\nSent: Friday, November 20, 2026 10:00 AM\nTo: Hanna\nSubject: Leash\n\nIt broke."
	for _, c := range []struct{ name, subject, text string }{
		{"an answer with a quoted head", "RE: Leash", "See below.\n\n" + block},
		{"a new mail with a pasted head", "Question", block},
		{"an answer to original words", "Re: Leash", "-----Original Message-----\n" + block},
		{"a forward that names no address", "FW: Leash", strings.ReplaceAll(block, " <ewa@harbour.example>", "")},
		{"a subject alone", "Fwd: Leash", "It broke. From: my heart"},
		{"nothing", "", ""},
	} {
		m, err := Parse([]byte("From: hanna@miska.example\r\nSubject: " + c.subject + "\r\n\r\n" + strings.ReplaceAll(c.text, "\n", "\r\n")))
		if err != nil {
			t.Fatal(err)
		}
		if from, found := m.Original(); found {
			t.Errorf("%s: %+v", c.name, from)
		}
	}
}

func TestTHR13AnAttachedMailNamesItsSender(t *testing.T) {
	const mail = "From: hanna@miska.example\r\nSubject: Fwd: Leash\r\n%sContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nYours?\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" +
		"From: Ewa Marsh <ewa@harbour.example>\r\nSubject: Leash\r\n\r\nIt broke.\r\n--b--\r\n"
	m, err := Parse([]byte(strings.Replace(mail, "%s", "", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if from, found := m.Original(); !found || from.Address != "ewa@harbour.example" || from.Name != "Ewa Marsh" {
		t.Errorf("%+v, %v", from, found)
	}
	answer := strings.Replace(strings.Replace(mail, "%s", "In-Reply-To: <1@x.example>\r\n", 1), "Fwd: ", "Re: ", 1)
	if m, err = Parse([]byte(answer)); err != nil {
		t.Fatal(err)
	}
	if from, found := m.Original(); found {
		t.Errorf("an answer with a mail attached: %+v", from)
	}
}

func FuzzOriginal(f *testing.F) {
	f.Add("Fwd: x", "---------- Forwarded message ---------\nFrom: Ewa <ewa@harbour.example>\nDate: x\nSubject: x\nTo: y\n")
	f.Fuzz(func(t *testing.T, subject, text string) {
		m := &Mail{Subject: subject, Text: text}
		if from, found := m.Original(); found && (!strings.Contains(from.Address, "@") || strings.ContainsAny(from.Address, " <>\n")) {
			t.Errorf("%+v", from)
		}
	})
}
