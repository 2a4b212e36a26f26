package contact

import "testing"

func TestCompanyDomain(t *testing.T) {
	for _, c := range []struct{ address, want string }{
		{"ewa@harbour.example", "harbour.example"},
		{"ewa@Mail.Harbour.Example", "harbour.example"},
		{"bob@shop.co.uk", "shop.co.uk"},
		{"bob@mail.shop.co.uk", "shop.co.uk"},
		{"a@gmail.com", ""},
		{"a@wp.pl", ""},
		{"a@poczta.onet.pl", ""},
		{"a@naver.com", ""},
		{"a@hanmail.net", ""},
		{"a@yahoo.co.jp", ""},
		{"a@outlook.kr", ""},
		{"a@localhost", ""},
		{"a@[127.0.0.1]", ""},
		{"+48 600 100 200", ""},
		{"", ""},
	} {
		if got := companyDomain(c.address); got != c.want {
			t.Errorf("companyDomain(%q) = %q, want %q", c.address, got, c.want)
		}
	}
}

func TestIdentityChecked(t *testing.T) {
	for _, c := range []struct {
		name string
		in   Identity
		key  string
		ok   bool
	}{
		{"mail", Identity{Kind: Email, Address: " Ewa@Harbour.Example "}, "ewa@harbour.example", true},
		{"mail with a name", Identity{Kind: Email, Address: "Ewa <ewa@harbour.example>"}, "", false},
		{"no mail", Identity{Kind: Email, Address: "ewa"}, "", false},
		{"empty mail", Identity{Kind: Email}, "", false},
		{"phone", Identity{Kind: Phone, Address: "+48 (22) 123-45-67"}, "+48221234567", true},
		{"long phone", Identity{Kind: Phone, Address: "1234567890123456"}, "", false},
		{"external", Identity{Kind: External, System: "shop", Address: "C-17"}, "C-17", true},
		{"external without a system", Identity{Kind: External, Address: "C-17"}, "", false},
		{"unknown", Identity{Kind: "fax", Address: "1"}, "", false},
	} {
		got, err := c.in.checked("op", "address")
		if (err == nil) != c.ok || c.ok && got.key() != c.key {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
}
