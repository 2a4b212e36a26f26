package httpapi

import (
	"context"
	"strings"

	"golang.org/x/net/html"

	"rapport/internal/conversation/masking"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
	"rapport/internal/platform/safehtml"
)

// Masked tells why the words of a message are hidden: whoever reads them can
// prove to be the company.
type Masked struct {
	Kind     string `json:"kind" enum:"code,link,reset,domain" doc:"A sign-in code, a link that confirms an address, a password reset, a proof that a domain is owned."`
	Provider string `json:"provider" doc:"By name; empty: none that is known."`
	Domain   string `json:"domain" doc:"Of the sender's address."`
	Phrase   string `json:"phrase" doc:"By which it was recognised."`
}

// Revealed is what a masked message said.
type Revealed struct {
	Subject     string       `json:"subject"`
	Text        string       `json:"text"`
	Links       []string     `json:"links" doc:"The addresses that its HTML leads to."`
	Attachments []Attachment `json:"attachments"`
}

func (s *Server) revealRoutes(tag, one string) {
	operation.Add(s.operations, operation.Route{Method: "POST", Path: one + "/reveal", ID: "reveal-message", Summary: "Read a hidden message; the conversation's history tells who did", Tag: tag}, s.reveal)
}

func (s *Server) reveal(ctx context.Context, in *OfMessage) (*shape.Body[Revealed], error) {
	actor := gate.Actor(ctx)
	words, err := s.Conversations.Reveal(ctx, actor, in.ID, in.MessageID)
	return shape.One(Revealed{Subject: words.Subject, Text: plainText(words), Links: shape.Filled(linksOf(words.HTML)), Attachments: s.attachmentsOf(actor.WorkspaceID, words.Files)}), err
}

func plainText(w masking.Words) string {
	if strings.TrimSpace(w.Text) == "" {
		return safehtml.Text(w.HTML)
	}
	return w.Text
}

// linksOf are the addresses a page leads to, each once.
func linksOf(page string) (list []string) {
	seen := map[string]bool{}
	for z := html.NewTokenizer(strings.NewReader(page)); z.Next() != html.ErrorToken; {
		t := z.Token()
		for _, a := range t.Attr {
			if t.Data == "a" && a.Key == "href" && !seen[a.Val] && (strings.HasPrefix(a.Val, "https://") || strings.HasPrefix(a.Val, "http://")) {
				seen[a.Val] = true
				list = append(list, a.Val)
			}
		}
	}
	return list
}
