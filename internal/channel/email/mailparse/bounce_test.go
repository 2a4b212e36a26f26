package mailparse

import (
	"strings"
	"testing"
)

// TestNoticesMadeForPeople reads bounces that have no machine-readable part.
func TestNoticesMadeForPeople(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ raw, want string }{
		"IMail": {"From: Postmaster <postmaster@imail.example>\n" +
			"To: help@shop.example\n" +
			"Subject: Undeliverable Mail\n" +
			"\n" +
			"Unknown user: gone@mail.example\n" +
			"\n" +
			"Original message follows.\n" +
			"\n" +
			"Received: from x\n" +
			"To: gone@mail.example\n" +
			"Message-ID: <1@shop.example>\n",
			"bounce gone@mail.example 5.0.0 hard"},
		"cause below the mark": {"From: MAILER-DAEMON@x.example\n" +
			"To: help@shop.example\n" +
			"Subject: FAILURE NOTICE :\n" +
			"\n" +
			"  ----- The following addresses had permanent fatal errors -----\n" +
			"\n" +
			">>> gone@mail.example <gone@mail.example>\n" +
			"\n" +
			"  ----- original message -----\n" +
			"550 sorry, no mailbox here by that name (#5.1.1 - chkusr)\n",
			"bounce gone@mail.example 5.1.1 hard"},
		"SurfControl": {"From: Mail Server <postmaster@x.example>\n" +
			"To: help@shop.example\n" +
			"Subject: Undeliverable mail\n" +
			"\n" +
			"Your message could not be sent.\n" +
			"A transcript of the attempts to send the message follows.\n" +
			"The number of attempts made: 1\n" +
			"Addressed To: gone@mail.example\n" +
			"\n" +
			"Thu 29 Apr 2010 23:34:45 +0900\n" +
			"Failed to send to identified host,\n" +
			"gone@mail.example: [192.0.2.5], 550 gone@mail.example... No such user\n" +
			" --- Message non-deliverable.\n",
			"bounce gone@mail.example 5.0.0 hard"},
		"Korean unknown": {"From: MAILER-DAEMON@naver.example\n" +
			"To: help@shop.example\n" +
			"Subject: [반송] 메일이 전송되지 못했습니다\n" +
			"\n" +
			"수신자: gone@naver.example\n" +
			"\n" +
			"존재하지 않는 메일 주소입니다. 550 5.1.1 No such user gone@naver.example\n",
			"bounce gone@naver.example 5.1.1 hard"},
		"Korean full": {"From: postmaster@hanmail.example\n" +
			"To: help@shop.example\n" +
			"Subject: 메일 배달 실패\n" +
			"\n" +
			"보내신 메일이 배달되지 않았습니다.\n" +
			"<full@hanmail.example>: 받는 분의 메일함 용량이 초과되었습니다\n",
			"bounce full@hanmail.example 5.0.0 soft"},
		"German Exchange": {"From: Microsoft Outlook <MicrosoftExchange329e71ec@firma.example>\n" +
			"To: help@shop.example\n" +
			"Subject: Unzustellbar: Ihre Bestellung\n" +
			"Return-Path: <>\n" +
			"\n" +
			"Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\n" +
			"\n" +
			"gone@firma.example\n" +
			"Die von Ihnen eingegebene E-Mail-Adresse konnte nicht gefunden werden.\n" +
			"\n" +
			"Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found'\n",
			"bounce gone@firma.example 5.1.10 hard"},
		"Polish full": {"From: Mail Delivery System <MAILER-DAEMON@poczta.example>\n" +
			"To: help@shop.example\n" +
			"Subject: Zwrot: nie dostarczono wiadomości\n" +
			"\n" +
			"Wiadomość nie została dostarczona do: jan@poczta.example\n" +
			"Powód: 452 4.2.2 Skrzynka przepełniona\n",
			"bounce jan@poczta.example 4.2.2 soft"},
		"Exim delay": {"From: Mail Delivery System <Mailer-Daemon@x.example>\n" +
			"To: help@shop.example\n" +
			"Subject: Warning: message 1abc delayed 24 hours\n" +
			"\n" +
			"This message was created automatically by mail delivery software.\n" +
			"A message that you sent has not yet been delivered to one or more of its\n" +
			"recipients after more than 24 hours on the queue on x.example.\n" +
			"\n" +
			"The address to which the message has not yet been delivered is:\n" +
			"\n" +
			"  slow@mail.example\n" +
			"    Delay reason: Connection timed out\n" +
			"\n" +
			"No action is required on your part.\n",
			"bounce slow@mail.example 4.0.0 delayed"},
		"one of each": {"From: MAILER-DAEMON@x.example\n" +
			"Subject: Delivery report\n" +
			"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n" +
			"\n" +
			"--b\n\nOne arrived, one is late, one came back.\n" +
			"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n" +
			"\nFinal-Recipient: rfc822; here@mail.example\nAction: relayed\nStatus: 2.1.5\n" +
			"\nFinal-Recipient: rfc822; late@mail.example\nAction: delayed\nStatus: 4.4.7\nDiagnostic-Code: smtp; 451 4.4.1 try later\n" +
			"\nFinal-Recipient: rfc822; gone@mail.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 No such user\n" +
			"--b--\n",
			"bounce here@mail.example 2.1.5 delivered late@mail.example 4.4.7 delayed gone@mail.example 5.1.1 hard"},
		"qmail, two": {"From: MAILER-DAEMON@x.example\n" +
			"To: help@shop.example\n" +
			"Subject: failure notice\n" +
			"\n" +
			"Hi. This is the qmail-send program at x.example.\n" +
			"I'm afraid I wasn't able to deliver your message to the following addresses.\n" +
			"\n" +
			"<a1@mail.example>:\n" +
			"192.0.2.1 does not like recipient.\n" +
			"Remote host said: 550 5.1.1 User unknown\n" +
			"Giving up on 192.0.2.1.\n" +
			"\n" +
			"<b1@mail.example>:\n" +
			"Remote host said: 552 5.2.2 Over quota\n" +
			"\n" +
			"--- Below this line is a copy of the message.\n" +
			"\n" +
			"Return-Path: <help@shop.example>\n" +
			"Message-ID: <9@shop.example>\n",
			"bounce a1@mail.example 5.1.1 hard b1@mail.example 5.2.2 soft"},
		"a human postmaster": {"From: Postmaster <postmaster@firma.example>\n" +
			"To: help@shop.example\n" +
			"Subject: Question about our order\n" +
			"\n" +
			"Hello, we would like to order 550 pieces. Is there a discount?\n",
			"message"},
		"Japanese absence": {"From: sato@x.example\n" +
			"To: help@shop.example\n" +
			"Subject: 不在通知\n" +
			"\n" +
			"休暇中です\n",
			"auto_reply sato@x.example  soft"},
		"generated answer": {"From: no-reply@x.example\n" +
			"Subject: Re: x\n" +
			"In-Reply-To: <a@b>\n" +
			"Auto-Submitted: auto-generated\n" +
			"\n" +
			"We got your mail.\n",
			"auto_reply no-reply@x.example  soft"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := Parse([]byte(c.raw))
			if err != nil {
				t.Fatal(err)
			}
			got := []string{m.Kind.String()}
			for _, r := range m.Recipients {
				lasting := "soft"
				switch {
				case r.HardBounce:
					lasting = "hard"
				case r.Delayed:
					lasting = "delayed"
				case r.Delivered:
					lasting = "delivered"
				}
				got = append(got, r.Address, r.Status, lasting)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %q, want %q", strings.Join(got, " "), c.want)
			}
		})
	}
}
