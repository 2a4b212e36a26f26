package httpapi

import (
	"net/http"
	"strings"
	"testing"

	"rapport/internal/httpapi/operation"
)

var pixel = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00")

func TestFilesComeBackHarmless(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.found()
	for _, c := range []struct {
		name, content  string
		kind, disposed string
	}{
		{"boat.png", string(pixel), "image/png", "inline"},
		{"letter.txt", "Dear Olga", "text/plain; charset=utf-8", "attachment"},
		{"page.html", "<!doctype html><script>alert(1)</script>", "application/octet-stream", "attachment"},
		{"drawing.svg", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "text/plain; charset=utf-8", "attachment"},
		{"drawing.png", `<?xml version="1.0"?><svg onload="alert(1)"/>`, "application/octet-stream", "attachment"},
		{"../../etc/pass\"wd\r\nX: y", "Dear", "text/plain; charset=utf-8", "attachment"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var a Attachment
			owner.upload("POST", "/attachments", c.name, []byte(c.content)).want(201).into(&a)
			if strings.ContainsAny(a.Name, "/\\\"\r\n") {
				t.Errorf("name %q", a.Name)
			}
			r := caller{w: w}.send("GET", a.URL, "", nil).want(200)
			h := r.Header()
			if r.Body.String() != c.content || h.Get("Content-Type") != c.kind || !strings.HasPrefix(h.Get("Content-Disposition"), c.disposed+";") {
				t.Errorf("%q %v", r.Body, h)
			}
			if !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("headers %v", h)
			}
		})
	}
}

func TestALinkOpensOneFileForAWhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.found()
	var a, b Attachment
	owner.upload("POST", "/attachments", "a.txt", []byte("0123456789")).want(201).into(&a)
	owner.upload("POST", "/attachments", "b.txt", []byte("other")).want(201).into(&b)
	nobody := caller{w: w}
	part := caller{w: w, header: http.Header{"Range": {"bytes=2-4"}}}.send("GET", a.URL, "", nil).want(206)
	if part.Body.String() != "234" {
		t.Errorf("part %q", part.Body)
	}
	_, link, _ := strings.Cut(a.URL, "?")
	nobody.do("GET", "/attachments/"+id(b.ID)+"?"+link, nil).problem(404)
	nobody.do("GET", "/attachments/"+id(a.ID), nil).problem(404)
	owner.do("GET", "/attachments/"+id(a.ID), nil).problem(404)
}

func TestAPhotoIsAPicture(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.found()
	owner.upload("PUT", "/me/photo", "me.png", []byte("<svg/>")).problem(422)
	var me Me
	owner.upload("PUT", "/me/photo", "me.png", pixel).want(200).into(&me)
	if me.Agent.PhotoURL == nil {
		t.Fatal("no photo")
	}
	if r := owner.send("GET", *me.Agent.PhotoURL, "", nil).want(200); r.Body.String() != string(pixel) {
		t.Errorf("photo %q", r.Body)
	}
	caller{w: w}.send("GET", *me.Agent.PhotoURL, "", nil).problem(401)
	owner.do("DELETE", "/me/photo", nil).want(204)
	owner.send("GET", *me.Agent.PhotoURL, "", nil).problem(404)
}

func TestATooLargeFileIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.found()
	owner.upload("POST", "/attachments", "big.bin", make([]byte, maxFile+1)).problem(413)
	owner.upload("POST", "/attachments", "huge.bin", make([]byte, operation.MaxUpload+1)).problem(413)
}
