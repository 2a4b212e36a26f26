package mailparse

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"unicode"

	"rapport/internal/channel/email/mailparse/charset"
	"rapport/internal/platform/safehtml"
)

// section is one stretch of words, as text, as HTML or as both.
type section struct{ text, html string }

// readBodies fills the words and the attachments from the tree.
func (m *Mail) readBodies(root *part) {
	var sections []section
	m.collect(root, &sections, "")
	var plain, raw, whole []string
	for _, s := range sections {
		if s.text != "" {
			plain = append(plain, s.text)
		}
		if s.html != "" {
			raw = append(raw, s.html)
		}
	}
	m.PlainText, m.RawHTML = strings.Join(plain, "\n"), strings.Join(raw, "\n")
	m.HasHTML = len(raw) > 0
	for _, s := range sections {
		// Some programs send one paragraph as HTML and the next as text;
		// both readings of the mail must hold all of them.
		if s.html != "" {
			whole = append(whole, safehtml.Clean(s.html))
		} else if m.HasHTML {
			whole = append(whole, safehtml.FromText(s.text))
		}
		if s.text == "" {
			s.text = safehtml.Text(s.html)
		}
		m.Text += s.text + "\n"
	}
	m.Text = tidy(m.Text)
	m.HTML = strings.Join(whole, "\n")
}

// collect walks the tree. under is the type of the multipart around p.
func (m *Mail) collect(p *part, sections *[]section, under string) {
	switch {
	case p.contentType == "multipart/alternative":
		m.collectAlternative(p, sections)
	case strings.HasPrefix(p.contentType, "multipart/"):
		for _, child := range p.children {
			m.collect(child, sections, p.contentType)
		}
	case p.isWords():
		*sections = append(*sections, m.wordsOf(p))
	default:
		m.attach(p, under)
	}
}

// collectAlternative joins the forms of one content into one section.
func (m *Mail) collectAlternative(p *part, sections *[]section) {
	var inner []section
	for _, child := range p.children {
		m.collect(child, &inner, p.contentType)
	}
	var joined section
	for _, s := range inner {
		joined.text = joinSections(joined.text, s.text)
		joined.html = joinSections(joined.html, s.html)
	}
	if joined != (section{}) {
		*sections = append(*sections, joined)
	}
}

func joinSections(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n" + b
}

// isWords reports whether a leaf is something to read rather than a file.
func (p *part) isWords() bool {
	if p.disposition == "attachment" {
		return false
	}
	if p.contentType != "text/plain" && p.contentType != "text/html" {
		return false
	}
	return p.name() == ""
}

func (m *Mail) wordsOf(p *part) section {
	isHTML := p.contentType == "text/html"
	raw := p.decoded()
	declared := p.params["charset"]
	if isHTML && declared == "" {
		declared = metaCharset(raw)
	}
	words := strings.ReplaceAll(charset.Decode(raw, declared), "\r\n", "\n")
	words = strings.ReplaceAll(words, "\r", "\n")
	if isHTML {
		if strings.TrimSpace(words) == "" {
			words = ""
		}
		return section{html: words}
	}
	if strings.EqualFold(p.params["format"], "flowed") {
		words = unflow(words, strings.EqualFold(p.params["delsp"], "yes"))
	}
	files, words := cutUU(words)
	for _, f := range files {
		m.add(Attachment{Name: fileName(f.name), ContentType: "application/octet-stream", Data: f.data})
	}
	return section{text: strings.Trim(trimLines(words), "\n")}
}

var metaTag = regexp.MustCompile(`(?i)<meta[^>]{1,200}charset\s*=\s*["']?\s*([a-z0-9_:.-]{2,40})`)

// metaCharset is the charset an HTML page gives itself.
func metaCharset(page []byte) string {
	if found := metaTag.FindSubmatch(page[:min(len(page), 4<<10)]); found != nil {
		return string(found[1])
	}
	return ""
}

// attach keeps a leaf as a file.
func (m *Mail) attach(p *part, under string) {
	a := Attachment{Name: p.name(), ContentType: p.contentType, ContentID: p.contentID(), Data: p.decoded()}
	a.Inline = p.disposition == "inline" || p.disposition == "" && under == "multipart/related"
	if isEnclosedMessage(p.contentType) && a.Name == "" && len(p.children) > 0 {
		if subject := fileName(p.children[0].header.Get("Subject")); subject != "" {
			a.Name = subject + ".eml"
		}
	}
	m.add(a)
}

func (m *Mail) add(a Attachment) {
	sum := sha256.Sum256(a.Data)
	a.SHA256, a.Size = hex.EncodeToString(sum[:]), len(a.Data)
	m.Attachments = append(m.Attachments, a)
}

// unflow joins the soft-broken lines of RFC 3676.
func unflow(text string, delSpace bool) string {
	var out strings.Builder
	open, openDepth := false, 0
	for line := range strings.SplitSeq(text, "\n") {
		depth := len(line) - len(strings.TrimLeft(line, ">"))
		words := strings.TrimPrefix(line[depth:], " ")
		switch {
		case open && depth == openDepth && words != "-- ":
		default:
			if open || out.Len() > 0 {
				out.WriteByte('\n')
			}
			if depth > 0 {
				out.WriteString(line[:depth] + " ")
			}
		}
		openDepth = depth
		open = strings.HasSuffix(words, " ") && words != "-- "
		if open && delSpace {
			words = strings.TrimSuffix(words, " ")
		}
		out.WriteString(words)
	}
	return out.String()
}

// trimLines drops the white space at the ends of lines.
func trimLines(text string) string {
	var out strings.Builder
	out.Grow(len(text))
	for line := range strings.SplitAfterSeq(text, "\n") {
		bare := strings.TrimRightFunc(line, unicode.IsSpace)
		out.WriteString(bare)
		if len(line) > len(bare) && strings.HasSuffix(line, "\n") {
			out.WriteByte('\n')
		}
	}
	return out.String()
}

// tidy trims the text and its lines' ends, and keeps at most two empty lines
// in a row.
func tidy(text string) string {
	var out strings.Builder
	out.Grow(len(text))
	blank := 0
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimRight(line, " \t\u00a0")
		if line == "" {
			blank++
			continue
		}
		if out.Len() > 0 {
			out.WriteString(strings.Repeat("\n", min(blank, 2)+1))
		}
		blank = 0
		out.WriteString(line)
	}
	return out.String()
}

// uuFile is one file found in text.
type uuFile struct {
	name string
	data []byte
}

var uuBegin = regexp.MustCompile(`(?m)^begin(?:-base64)? [0-7]{3,4} (\S[^\r\n]{0,200})\r?\n`)

// cutUU takes uuencoded files out of text. A "begin" that no valid lines
// follow is left as words.
func cutUU(text string) (files []uuFile, rest string) {
	if !strings.Contains(text, "begin ") {
		return nil, text
	}
	var kept strings.Builder
	// A hundred tries are enough for a mail that means it.
	for range 100 {
		at := uuBegin.FindStringSubmatchIndex(text)
		if at == nil {
			break
		}
		data, length, ok := decodeUU(text[at[1]:])
		if !ok {
			kept.WriteString(text[:at[1]])
			text = text[at[1]:]
			continue
		}
		files = append(files, uuFile{name: text[at[2]:at[3]], data: data})
		kept.WriteString(text[:at[0]])
		text = text[at[1]+length:]
	}
	kept.WriteString(text)
	return files, kept.String()
}

// decodeUU reads lines up to "end" and says how many bytes they took.
func decodeUU(text string) (data []byte, length int, ok bool) {
	rest := text
	for rest != "" {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		line = strings.TrimRight(line, " \t\r")
		if line == "end" {
			return data, len(text) - len(rest), true
		}
		if line == "" || line == "`" {
			continue
		}
		count := int(line[0]-' ') & 63
		decoded := make([]byte, 0, 48)
		for i := 1; i < len(line); i += 4 {
			var group [4]byte
			for j := range group {
				if i+j < len(line) {
					group[j] = (line[i+j] - ' ') & 63
				}
			}
			decoded = append(decoded, group[0]<<2|group[1]>>4, group[1]<<4|group[2]>>2, group[2]<<6|group[3])
		}
		if count > len(decoded) || line[0] < ' ' || line[0] > '`' {
			return nil, 0, false
		}
		data = append(data, decoded[:count]...)
	}
	return data, len(text), true
}
