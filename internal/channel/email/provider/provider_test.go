package provider

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
)

// zone answers as a name server would that knows only this.
type zone struct {
	mx  map[string][]string
	srv map[string][]*net.SRV
}

func (z zone) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	var out []*net.MX
	for _, host := range z.mx[name] {
		out = append(out, &net.MX{Host: host, Pref: 10})
	}
	if out == nil {
		return nil, errors.New("no such host")
	}
	return out, nil
}

func (z zone) LookupSRV(_ context.Context, service, _, name string) (string, []*net.SRV, error) {
	if found := z.srv[service+"."+name]; found != nil {
		return "", found, nil
	}
	return "", nil, errors.New("no such host")
}

func TestProviderIsRecognised(t *testing.T) {
	t.Parallel()
	z := zone{mx: map[string][]string{
		"workspace.example": {"aspmx.l.google.com.", "alt1.aspmx.l.google.com."}, "new.example": {"smtp.google.com."},
		"office.example": {"office-example.mail.protection.outlook.com."}, "fast.example": {"in1-smtp.messagingengine.com."},
		"zoho.example": {"mx.zoho.eu."}, "works.example": {"jp1-aspmx1.worksmobile.com."}, "ovh.example": {"mx1.mail.ovh.net."},
		"home.example": {"mx.home.pl."}, "ionos.example": {"mx00.ionos.co.uk."}, "kunden.example": {"mx01.kundenserver.de."}, "strato.example": {"smtpin.rzone.de."},
		"own.example": {"mail.own.example."}, "trap.example": {"mx.notgoogle.com.", "google.com.evil.example."},
	}}
	for address, want := range map[string]string{
		"ewa@gmail.com": "google imap.gmail.com ewa@gmail.com", "Ewa@GMail.com": "google imap.gmail.com Ewa@GMail.com", "hello@workspace.example": "google imap.gmail.com hello@workspace.example", "hello@new.example": "google imap.gmail.com hello@new.example",
		"hello@office.example": "microsoft outlook.office365.com hello@office.example", "ewa@hotmail.com": "microsoft outlook.office365.com ewa@hotmail.com",
		"ewa@icloud.com": "icloud imap.mail.me.com ewa@icloud.com", "ewa@yahoo.com": "yahoo imap.mail.yahoo.com ewa@yahoo.com", "hello@fast.example": "fastmail imap.fastmail.com hello@fast.example",
		"ewa@zoho.com": "zoho imap.zoho.com ewa@zoho.com", "hello@zoho.example": "zoho imappro.zoho.eu hello@zoho.example", "ewa@proton.me": "proton 127.0.0.1 ewa@proton.me",
		"ewa@gmx.de": "gmx imap.gmx.net ewa@gmx.de", "ewa@gmx.com": "gmx imap.gmx.com ewa@gmx.com", "ewa@web.de": "webde imap.web.de ewa@web.de", "ewa@mailbox.org": "mailboxorg imap.mailbox.org ewa@mailbox.org",
		"jiwoo@naver.com": "naver imap.naver.com jiwoo", "hello@works.example": "naverworks imap.worksmobile.com hello@works.example", "jiwoo@hanmail.net": "daum imap.daum.net jiwoo", "jiwoo@kakao.com": "daum imap.kakao.com jiwoo",
		"ewa@onet.pl": "onet imap.poczta.onet.pl ewa@onet.pl", "ewa@wp.pl": "wp imap.wp.pl ewa", "ewa@o2.pl": "o2 poczta.o2.pl ewa@o2.pl", "hello@ovh.example": "ovh ssl0.ovh.net hello@ovh.example", "hello@home.example": "homepl  hello@home.example",
		"hello@ionos.example": "ionos imap.ionos.co.uk hello@ionos.example", "hello@kunden.example": "ionos imap.ionos.de hello@kunden.example", "hello@strato.example": "strato imap.strato.de hello@strato.example",
		"hello@own.example": "", "hello@trap.example": "", "hello@nowhere.example": "",
	} {
		got := ""
		if p, _, ok := Of(t.Context(), z, address); ok {
			got = p.Key + " " + p.IMAP.Host + " " + p.User(address)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
	if _, mx, _ := Of(t.Context(), z, "hello@fast.example"); mx != "in1-smtp.messagingengine.com" {
		t.Errorf("the server that gave it away is called %q", mx)
	}
}

func TestProviderOfAServer(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{"smtp.gmail.com": "google", "SMTP.office365.com": "microsoft", "smtppro.zoho.eu": "zoho", "mail.miska.example": "", "127.0.0.1": "", "": ""} {
		if p, _ := At(host); p.Key != want {
			t.Errorf("%q is of %q, want %q", host, p.Key, want)
		}
	}
}

func TestGuessesBeginWithWhatTheDomainSays(t *testing.T) {
	t.Parallel()
	z := zone{mx: map[string][]string{"own.example": {"mx1.host.example."}}, srv: map[string][]*net.SRV{
		"imaps.own.example": {{Target: "in.host.example.", Port: 9930}}, "submission.own.example": {{Target: "out.host.example.", Port: 587}}, "imap.own.example": {{Target: "."}},
	}}
	imap, smtp := Guesses(t.Context(), z, "hello@own.example")
	if imap[0] != (Server{"in.host.example", 9930, "tls"}) || smtp[0] != (Server{"out.host.example", 587, "starttls"}) {
		t.Errorf("first come %v and %v", imap[0], smtp[0])
	}
	if imap[1].Host != "imap.own.example" || imap[len(imap)-1].Host != "mx1.host.example" {
		t.Errorf("then come %v", imap)
	}
}

// A table that is typed by hand has slips.
func TestKnownProviders(t *testing.T) {
	t.Parallel()
	domains := map[string]string{}
	for _, p := range known {
		for _, name := range append(p.domains, p.mx...) {
			if name != strings.ToLower(name) || !strings.Contains(name, ".") {
				t.Errorf("%s: %q is no domain", p.Key, name)
			}
		}
		for _, domain := range p.domains {
			if other := domains[domain]; other != "" {
				t.Errorf("%q is of %s and of %s", domain, other, p.Key)
			}
			domains[domain] = p.Key
		}
		if len(p.domains)+len(p.mx) == 0 || p.Name == "" {
			t.Errorf("%s is never recognised", p.Key)
		}
		if (p.Password == AppPassword || p.Password == Bridge) && p.Link == "" {
			t.Errorf("%s: where is the password made?", p.Key)
		}
		if (p.IMAP.Host == "") != (p.SMTP.Host == "") {
			t.Errorf("%s has one server only", p.Key)
		}
	}
}
