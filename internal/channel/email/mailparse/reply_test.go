package mailparse

import (
	"strings"
	"testing"
)

// Each introduction stands between new words and an old mail.
var introductions = map[string]string{
	"English":            "On Tue, 3 Mar 2026 at 10:15, Support <help@shop.example> wrote:",
	"English long":       "On Tuesday, March 3, 2026 at 10:15:00 AM GMT+9,\nSupport Team of the Very Long Shop Name <help@shop.example>\nwrote:",
	"English Apple":      "On 3 Mar 2026, at 10:15, Support <help@shop.example> wrote:",
	"Korean Gmail":       "2026년 3월 3일 (화) 오전 10:15, 고객센터 <help@shop.example>님이 작성:",
	"Korean Apple":       "2026. 3. 3. 오전 10:15, 고객센터 <help@shop.example> 작성:",
	"Korean Outlook":     "보낸 사람: 고객센터 <help@shop.example>\n보낸 날짜: 2026년 3월 3일 화요일 오전 10:15\n받는 사람: kim@mail.example\n제목: 주문 문의",
	"Korean Daum":        "--------- 원본 메일 ---------\n보낸사람 : 고객센터 <help@shop.example>\n받는사람 : kim@mail.example\n날짜 : 2026.03.03\n제목 : 주문",
	"Korean Naver":       "-----Original Message-----\nFrom: \"고객센터\"<help@shop.example>\nTo: <kim@mail.example>;\nCc:\nSent: 2026-03-03 (화) 10:15:00 (GMT+09:00)\nSubject: 주문",
	"Polish Gmail":       "wt., 3 mar 2026 o 10:15 Sklep <help@shop.example> napisał(a):",
	"Polish Thunderbird": "W dniu 3.03.2026 o 10:15, Sklep pisze:",
	"Polish Interia":     "Dnia 3 marca 2026 10:15 Sklep <help@shop.example> napisał(a):",
	"Polish Outlook":     "Od: Sklep <help@shop.example>\nWysłano: wtorek, 3 marca 2026 10:15\nDo: jan@poczta.example\nTemat: Zamówienie",
	"German":             "Am Di., 3. März 2026 um 10:15 Uhr schrieb Shop <help@shop.example>:",
	"German Outlook":     "Von: Shop <help@shop.example>\nGesendet: Dienstag, 3. März 2026 10:15\nAn: eva@post.example\nBetreff: Bestellung",
	"French":             "Le mar. 3 mars 2026 à 10:15, Boutique <help@shop.example> a écrit :",
	"French Outlook":     "________________________________\nDe : Boutique <help@shop.example>\nEnvoyé : mardi 3 mars 2026 10:15\nÀ : luc@poste.example\nObjet : Commande",
	"Spanish":            "El mar, 3 mar 2026 a las 10:15, Tienda (<help@shop.example>) escribió:",
	"Portuguese":         "Em ter., 3 de mar. de 2026 às 10:15, Loja <help@shop.example> escreveu:",
	"Italian":            "Il giorno mar 3 mar 2026 alle ore 10:15 Negozio <help@shop.example> ha scritto:",
	"Dutch":              "Op di 3 mrt 2026 om 10:15 schreef Winkel <help@shop.example>:",
	"Swedish":            "Den tis 3 mars 2026 kl 10:15 skrev Butik <help@shop.example>:",
	"Danish":             "Den tirs. 3. mar. 2026 kl. 10.15 skrev Butik <help@shop.example>:",
	"Norwegian":          "tir. 3. mar. 2026 kl. 10:15 skrev Butikk <help@shop.example>:",
	"Finnish":            "ti 3. maalisk. 2026 klo 10.15 Kauppa (help@shop.example) kirjoitti:",
	"Czech":              "út 3. 3. 2026 v 10:15 odesílatel Obchod <help@shop.example> napsal:",
	"Hungarian":          "Bolt <help@shop.example> ezt írta (időpont: 2026. márc. 3., K, 10:15):",
	"Russian":            "вт, 3 мар. 2026 г. в 10:15, Магазин <help@shop.example>:",
	"Russian verb":       "3 марта 2026 г., в 10:15, Магазин <help@shop.example> написал(а):",
	"Ukrainian":          "вт, 3 бер. 2026 р. о 10:15 Магазин <help@shop.example> пише:",
	"Turkish":            "Mağaza <help@shop.example>, 3 Mar 2026 Sal, 10:15 tarihinde şunu yazdı:",
	"Japanese Gmail":     "2026年3月3日(火) 10:15 ショップ <help@shop.example>:",
	"Japanese Outlook":   "差出人: ショップ <help@shop.example>\n送信日時: 2026年3月3日 10:15\n宛先: sato@mail.example\n件名: 注文",
	"Chinese":            "在 2026年3月3日，上午10:15，商店 <help@shop.example> 写道：",
	"Chinese Gmail":      "商店 <help@shop.example> 于2026年3月3日周二 10:15写道：",
	"Chinese QQ":         "------------------ 原始邮件 ------------------\n发件人: \"商店\" <help@shop.example>;\n发送时间: 2026年3月3日(星期二) 上午10:15\n收件人: \"li\"<li@mail.example>;\n主题: 订单",
	"Original Message":   "-----Original Message-----\nFrom: Shop [mailto:help@shop.example]\nSent: Tuesday, March 3, 2026 10:15 AM\nTo: Eve\nSubject: Order",
	"Forwarded":          "---------- Forwarded message ---------\nFrom: Shop <help@shop.example>\nDate: Tue, Mar 3, 2026 at 10:15\nSubject: Order\nTo: <eve@mail.example>",
}

func TestReplyAboveAnOldMail(t *testing.T) {
	t.Parallel()
	for language, intro := range introductions {
		for form, old := range map[string]string{"quoted": "> Your parcel\n> is on its way.\n>\n> Shop", "plain": "Your parcel is on its way.\n\nShop"} {
			t.Run(language+" "+form, func(t *testing.T) {
				t.Parallel()
				reply, quoted := splitReply("Hello,\n\nit is still not here: order 4711.\nWhere is it?\n\nAnna\n\n" + intro + "\n\n" + old + "\n")
				if want := "Hello,\n\nit is still not here: order 4711.\nWhere is it?\n\nAnna"; reply != want {
					t.Errorf("reply is %q", reply)
				}
				if !strings.Contains(quoted, "on its way") {
					t.Errorf("the quote is gone: %q", quoted)
				}
			})
		}
	}
}

func TestMAIL32ReplyKeepsTheCustomersWords(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"prose that looks like an attribution": "Hello\nOn Monday I wrote:\nplease call me. Nobody did.\n\nOn 3 March your colleague wrote that I get 20 € back.",
		"a route, not a header":                "I need a ticket.\nFrom: Seoul\nTo: Busan\nDate: 3 May 2026\nThank you",
		"separators":                           "Order 1: broken\n-----\nOrder 2: missing\n-----\nOrder 3: wrong colour\n\nWhat now?",
		"a quote first":                        "> Is it blue?\n\nYes, it is.",
		"code":                                 "This fails:\n\n```\n--\n> x\n```\n\nWhy?",
		"wrote with colon":                     "The driver wrote: nobody at home.\nThat is not true.",
		"shell":                                "I ran this\n\n$ make\n\nand it wrote:\nerror 12:30",
		"Korean":                               "안녕하세요.\n2026년 3월 3일에 주문했는데 아직 안 왔습니다.\n확인 부탁드립니다.",
		"sent by courier":                      "어제 상품을 보냈습니다.\n\n어제 택배로 보냈습니다",
		"sent by post":                         "Hola.\n\nEnviado por Correos el lunes",
		"wysłane kurierem":                     "Dzień dobry.\n\nWysłane przez kuriera w poniedziałek",
		"gesendet mit DHL":                     "Hallo.\n\nGesendet mit DHL am Montag",
		"sent from my desk":                    "Here is another one.\n\nSent from my desk, it is much easier than my phone.",
		"table":                                "Item | Price\nA | 12\nB | 13",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if reply, quoted := splitReply(text); reply != text {
				t.Errorf("reply is %q, cut off was %q", reply, quoted)
			}
		})
	}
}

func TestReplyForms(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"signature":           {"Yes.\n\n-- \nAnna Nowak\nTel. 123", "Yes."},
		"phone":               {"Yes.\n\nSent from my iPhone", "Yes."},
		"phone Korean":        {"네 맞습니다.\n\n나의 iPhone에서 보냄", "네 맞습니다."},
		"phone Polish":        {"Tak.\n\nWysłane z iPhone'a", "Tak."},
		"phone German":        {"Ja.\n\nVon meinem iPhone gesendet", "Ja."},
		"phone French":        {"Oui.\n\nEnvoyé de mon iPhone", "Oui."},
		"phone Samsung":       {"네.\n\n삼성 갤럭시 스마트폰에서 보냈습니다.", "네."},
		"phone Japanese":      {"はい。\n\niPhoneから送信", "はい。"},
		"phone Chinese":       {"好的。\n\n发自我的iPhone", "好的。"},
		"phone Russian":       {"Да.\n\nОтправлено с iPhone", "Да."},
		"phone Spanish":       {"Sí.\n\nEnviado desde mi iPhone", "Sí."},
		"outlook":             {"Yes.\n\nGet Outlook for Android<https://aka.ms/x>", "Yes."},
		"star headers":        {"Yes.\n\n*From:* Shop [mailto:a@b.example]\n*Sent:* Tuesday, March 3, 2026 10:15 AM\n*To:* Eve\n*Subject:* Order\n\nold", "Yes."},
		"apple forward":       {"FYI\n\nBegin forwarded message:\n\n> From: Shop <a@b.example>\n> Subject: x\n>\n> old", "FYI"},
		"phone and quote":     {"Yes.\n\nSent from my Galaxy\n\n> On 3 Mar 2026, at 10:15, Shop <a@b.example> wrote:\n> \n> Blue?", "Yes."},
		"answer below":        {"On 3 Mar 2026, Shop <a@b.example> wrote:\n> Is it blue?\n> Or red?\n\nIt is blue.", "It is blue."},
		"one word below":      {"On 3 Mar 2026, Shop <a@b.example> wrote:\n> Is it blue?\n\nBlue", "Blue"},
		"answers between":     {"Hi,\n\nOn 3 Mar 2026, Shop <a@b.example> wrote:\n> Is it blue?\n\nYes it is.\n\n> How many?\n\nTwo of them.", "Hi,\n\n> Is it blue?\n\nYes it is.\n\n> How many?\n\nTwo of them."},
		"greeting and answer": {"Hi,\n\nOn 3 Mar 2026, Shop <a@b.example> wrote:\n> Is it blue?\n\nYes it is, thank you.", "Hi,\n\n\n> Is it blue?\n\nYes it is, thank you."},
		"name below":          {"Yes it is.\n\nOn 3 Mar 2026, Shop <a@b.example> wrote:\n> Is it blue?\n\nAnna Nowak\n+48 123 456 789", "Yes it is."},
		"nothing new":         {"---------- Forwarded message ---------\nFrom: Shop <a@b.example>\nDate: Tue\nSubject: x\n\nYour order", "---------- Forwarded message ---------\nFrom: Shop <a@b.example>\nDate: Tue\nSubject: x\n\nYour order"},
		"trailing quote":      {"Yes\n> Is it blue?\n> Well?", "Yes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := ParseText([]byte(c.in))
			if err != nil {
				t.Fatal(err)
			}
			if strings.ReplaceAll(m.Reply, "\n\n\n", "\n\n") != strings.ReplaceAll(c.want, "\n\n\n", "\n\n") {
				t.Errorf("reply is %q, want %q", m.Reply, c.want)
			}
		})
	}
}

func TestReplyOfHTML(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"gmail":       {`<div dir="ltr">Yes.<div>Two</div></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Any words at all: a@b.example<br></div><blockquote class="gmail_quote">Is it blue?</blockquote></div>`, "Yes.\nTwo"},
		"gmail sig":   {`<div>Yes.</div><div class="gmail_signature">Anna<br>Boss</div>`, "Yes."},
		"thunderbird": {`<p>Yes.</p><div class="moz-cite-prefix">W dniu 3.03.2026 o 10:15 Sklep pisze:<br></div><blockquote type="cite">Is it blue?</blockquote>`, "Yes."},
		"outlook web": {`<div>네, 두 개요.</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>보낸 사람:</b> A &lt;a@b.example&gt;<br><b>제목:</b> x</div><div>Is it blue?</div>`, "네, 두 개요."},
		"yahoo":       {`<div>Yes.</div><div class="yahoo_quoted" id="q"><div>On Tuesday, A wrote: </div><div>Is it blue?</div></div>`, "Yes."},
		"apple":       {`<div>Yes.<br><blockquote type="cite"><div>On 3 Mar 2026, at 10:15, A &lt;a@b.example&gt; wrote:</div><div>Blue?</div></blockquote></div>`, "Yes."},
		"inline":      {`<div>See below.</div><div class="gmail_quote"><div class="gmail_attr">A wrote</div><blockquote>Blue?</blockquote><div>No, it is red.</div><blockquote>Two?</blockquote><div>Yes, two please.</div></div>`, "See below.\n> Blue?\n\nNo, it is red.\n\n> Two?\n\nYes, two please."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := ParseHTML([]byte(c.in))
			if err != nil {
				t.Fatal(err)
			}
			if m.Reply != c.want {
				t.Errorf("reply is %q, want %q", m.Reply, c.want)
			}
		})
	}
}
