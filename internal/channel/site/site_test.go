package site

import "testing"

func TestOriginsAreTidiedOrRefused(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"https://shop.example": "https://shop.example", " HTTPS://Shop.Example/ ": "https://shop.example", "https://shop.example:443": "https://shop.example",
		"https://shop.example:8443": "https://shop.example:8443", "http://localhost:3000": "http://localhost:3000", "http://127.0.0.1:80": "http://127.0.0.1",
		"https://*.shop.example": "https://*.shop.example", "https://xn--kawa-6pa.example": "https://xn--kawa-6pa.example",
		"null": "", "": "", "*": "", "https://*": "", "https://*.example": "", "http://*.shop.example": "", "https://sh*p.example": "", "https://a.*.shop.example": "",
		"shop.example": "", "javascript:alert(1)": "", "data:text/html,x": "", "file:///etc": "", "https://user@shop.example": "", "https://shop.example/page": "",
		"https://shop.example?x": "", "https://shop.example#x": "", "https://shop.example 'unsafe-inline'": "", "https://shop.example; script-src *": "",
		"https://shop.example,https://x.example": "", "https://-shop.example": "", "https://shop..example": "", "https://[::1]": "", "https://shop.example:": "",
		"https://shop.example\r\nX: y": "", "https://żółw.example": "", "ftp://shop.example": "",
	} {
		got, ok := Tidy(typed)
		if got != want || ok != (want != "") {
			t.Errorf("%q: %q %v, want %q", typed, got, ok, want)
		}
	}
}

// SEC-17, the rule: no suffix tricks, no null, no other scheme or port.
func TestOnlyAllowedOriginsAreAllowed(t *testing.T) {
	t.Parallel()
	allowed := []string{"https://shop.example", "http://localhost:3000", "https://*.miska.example"}
	for origin, want := range map[string]bool{
		"https://shop.example": true, "http://localhost:3000": true, "https://www.miska.example": true, "https://a.b.miska.example": true,
		"http://shop.example": false, "https://shop.example:8443": false, "https://shop.example.evil.example": false, "https://evilshop.example": false,
		"https://evilmiska.example": false, "https://miska.example": false, "https://www.miska.example.evil.example": false, "https://.miska.example": false,
		"http://www.miska.example": false, "https://www.miska.example:8443": false, "https://evil.example/.miska.example": false, "https://evil.example?.miska.example": false,
		"https://*.miska.example": false, "null": false, "": false, "https://localhost:3000": false, "HTTPS://shop.example": true, "https://shop.example/": false,
	} {
		if got := Allowed(allowed, origin); got != want {
			t.Errorf("%q: %v, want %v", origin, got, want)
		}
	}
	if Allowed(nil, "https://shop.example") {
		t.Error("nothing is allowed, and this is")
	}
}
