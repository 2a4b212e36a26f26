package mailparse

import (
	"os"
	"strings"
	"testing"
)

// absences are the mails of testdata/absences.txt by their names.
func absences(t *testing.T) map[string][]byte {
	t.Helper()
	text, err := os.ReadFile("testdata/absences.txt")
	if err != nil {
		t.Fatal(err)
	}
	mails := map[string][]byte{}
	for _, part := range strings.Split(string(text), "\n-- ")[1:] {
		name, mail, _ := strings.Cut(part, " --\n")
		mails[name] = []byte(strings.ReplaceAll(mail, "\n", "\r\n"))
	}
	return mails
}

// MAIL-13, the reading of it: what machines write in somebody's absence is known
// by header or by words.
func TestMAIL13AbsencesAreKnown(t *testing.T) {
	t.Parallel()
	mails := absences(t)
	if len(mails) < 40 {
		t.Fatalf("only %d kinds", len(mails))
	}
	for name, raw := range mails {
		m, err := Parse(raw)
		if err != nil || m.Kind != KindAutoReply {
			t.Errorf("%s, %q, is read as a %v, %v", name, m.Subject, m.Kind, err)
		}
	}
}

// What people write is not taken for a machine's because its subject begins alike.
func TestPeopleAreNotTakenForMachines(t *testing.T) {
	t.Parallel()
	for _, subject := range []string{"Automatic feeder is broken", "Autumn box", "Out of stock?", "Away game tickets", "Vacation: please pause the box", "On leave from work, so deliver in the morning",
		"자동 급식기가 고장났어요", "자동결제 취소 부탁드립니다", "부재 시 문 앞에 두세요", "휴가철 배송 문의", "Urlaubsbox bestellen", "Urlop psa: gdzie go zostawić?", "Automat do karmy nie działa", "Autobus spóźnił się z paczką",
		"自動給餌器が壊れました", "不在票が入っていました", "Automatique en panne", "En conserve ou frais ?", "Re: Automatic reply speed of your support", ""} {
		m, err := Parse([]byte("From: Ewa <ewa@harbour.example>\r\nSubject: " + subject + "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello.\r\n"))
		if err != nil || m.Kind != KindMessage || m.Quiet {
			t.Errorf("%q is read as a %v, quiet %v, %v", subject, m.Kind, m.Quiet, err)
		}
	}
}

func TestHeadersThatAskForSilence(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]bool{
		"X-Auto-Response-Suppress: All": true, "X-Auto-Response-Suppress: OOF, AutoReply": true, "X-Auto-Response-Suppress: None": false, "Precedence: junk": true, "Precedence: bulk": true,
		"Precedence: first-class": false, "Auto-Submitted: auto-generated": true, "Auto-Submitted: no": false, "X-Loop: hello@miska.example": true, "Return-Path: <>": true, "Return-Path: <ewa@harbour.example>": false,
		"Feedback-ID: 1:2:3:shop": true, "X-Mailer: Thunderbird": false,
	} {
		m, err := Parse([]byte("From: Ewa <ewa@harbour.example>\r\nSubject: Hello\r\n" + header + "\r\n\r\nHello.\r\n"))
		if err != nil || m.Quiet != want {
			t.Errorf("%s: quiet %v, %v", header, m.Quiet, err)
		}
	}
}
