package widget

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"rapport/internal/conversation/visitor"
	"rapport/internal/httpapi/live"
	"rapport/internal/httpapi/shape"
	"rapport/internal/platform/fault"
)

// teller tells a request's page.
func (s *Server) teller(c *call) teller {
	base := s.URL
	if base == "" {
		base = "//" + c.r.Host
	}
	return teller{s.Files, base, c.inbox.WorkspaceID}
}

func (s *Server) site(c *call) error {
	v, err := s.Visitors.Site(c.ctx(), c.inbox)
	if err != nil {
		return err
	}
	chat := v.Inbox.Chat
	out := siteShape{Name: v.Inbox.Name, Brand: chat.Brand, Position: chat.Position, Language: chat.Language, FallbackLanguage: v.Language, Greeting: chat.Greeting, Files: chat.Files,
		AskEmail: chat.AskEmail && v.Mail, Mail: v.Mail, ShowLauncher: chat.ShowLauncher, Open: v.Opening.Open, OpensAt: shape.TimeOrNull(v.Opening.OpensAt), ClosesAt: shape.TimeOrNull(v.Opening.ClosesAt), TimeZone: v.TimeZone}
	if v.UsualReply > 0 {
		seconds := int64(v.UsualReply / time.Second)
		out.UsualReplySeconds = &seconds
	}
	for _, f := range v.Team {
		out.Team = append(out.Team, s.teller(c).face(f))
	}
	return c.say(http.StatusOK, out)
}

type arrival struct {
	Language string `json:"language"`
	TimeZone string `json:"time_zone"`
	Page     string `json:"page"`
	Identity string `json:"identity"`
}

func (s *Server) arrive(c *call) error {
	if err := s.take("arrive "+network(c.r), arriveLimit); err != nil {
		return err
	}
	in, err := read[arrival](c)
	if err != nil {
		return err
	}
	if in.Identity == "" { // whom the company has signed is no flood
		if err := s.take("flood "+strconv.FormatInt(c.inbox.ID, 10), floodLimit); err != nil {
			return err
		}
	}
	v, token, err := s.Visitors.Arrive(c.ctx(), c.inbox, visitor.Arrival{Origin: c.origin, Language: in.Language, TimeZone: in.TimeZone, Page: in.Page, Identity: in.Identity})
	if err != nil {
		return err
	}
	return c.say(http.StatusCreated, arrivedShape{token, visitorOf(v)})
}

func (s *Server) identify(c *call) error {
	if err := s.take("identify "+network(c.r), identLimit); err != nil {
		return err
	}
	in, err := read[struct {
		Identity string `json:"identity"`
	}](c)
	if err != nil {
		return err
	}
	v, token, err := s.Visitors.Identify(c.ctx(), c.visitor, c.inbox, in.Identity)
	if err != nil {
		return err
	}
	s.hub.tellEnded(c)
	return c.say(http.StatusOK, arrivedShape{token, visitorOf(v)})
}

func (s *Server) me(c *call) error {
	list, err := s.Visitors.Conversations(c.ctx(), c.visitor, c.inbox)
	if err != nil {
		return err
	}
	out := meShape{visitorOf(c.visitor), []conversation{}}
	for _, one := range list {
		out.Conversations = append(out.Conversations, s.teller(c).conversation(one))
	}
	return c.say(http.StatusOK, out)
}

func (s *Server) changeMe(c *call) error {
	in, err := read[struct {
		Name     *string `json:"name"`
		Email    *string `json:"email"`
		Language *string `json:"language"`
		Page     *string `json:"page"`
	}](c)
	if err != nil {
		return err
	}
	v, err := s.Visitors.Change(c.ctx(), c.visitor, visitor.Change(in))
	if err != nil {
		return err
	}
	return c.say(http.StatusOK, visitorOf(v))
}

func (s *Server) leave(c *call) error {
	if err := s.Visitors.Leave(c.ctx(), c.visitor); err != nil {
		return err
	}
	s.hub.tellEnded(c)
	return c.nothing(http.StatusNoContent)
}

func (s *Server) messages(c *call) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	var p visitor.Page
	query := c.r.URL.Query()
	for name, to := range map[string]*int64{"after": &p.After, "before": &p.Before} {
		if v := query.Get(name); v != "" {
			if *to, err = strconv.ParseInt(v, 10, 64); err != nil || *to < 0 {
				return fault.InvalidField("widget.messages", name, "Write a number from 0 on.")
			}
		}
	}
	p.FromStart = query.Has("after")
	if v := query.Get("limit"); v != "" {
		if p.Limit, err = strconv.Atoi(v); err != nil || p.Limit < 1 || p.Limit > 100 {
			return fault.InvalidField("widget.messages", "limit", "Write a number from 1 to 100.")
		}
	}
	list, more, err := s.Visitors.Messages(c.ctx(), c.visitor, id, p)
	if err != nil {
		return err
	}
	out := struct {
		Items []message `json:"items"`
		More  bool      `json:"more"`
	}{[]message{}, more}
	for _, m := range list {
		out.Items = append(out.Items, s.teller(c).message(m))
	}
	return c.say(http.StatusOK, out)
}

func (s *Server) write(c *call) error {
	in, err := read[struct {
		ClientID       string  `json:"client_id"`
		ConversationID *int64  `json:"conversation_id"`
		Text           string  `json:"text"`
		AttachmentIDs  []int64 `json:"attachment_ids"`
		Page           string  `json:"page"`
	}](c)
	if err != nil {
		return err
	}
	if err := s.take("write "+strconv.FormatInt(c.visitor.ID, 10), writeLimit); err != nil {
		return err
	}
	n := visitor.NewMessage{ClientID: in.ClientID, Text: in.Text, Files: in.AttachmentIDs, Page: in.Page}
	if in.ConversationID != nil {
		n.ConversationID = *in.ConversationID
	}
	m, conv, err := s.Visitors.Write(c.ctx(), c.visitor, c.inbox, n)
	if err != nil {
		return err
	}
	s.tellGuest(c, live.GuestNews{About: "typing", Guest: live.Guest{ConversationID: conv.ID}}, live.GuestNews{About: "online", Guest: live.Guest{ConversationID: conv.ID, Online: true}})
	return c.say(http.StatusCreated, struct {
		Message      message      `json:"message"`
		Conversation conversation `json:"conversation"`
	}{s.teller(c).message(m), s.teller(c).conversation(conv)})
}

func (s *Server) upload(c *call) error {
	const op = "widget.upload"
	if err := s.take("upload "+strconv.FormatInt(c.visitor.ID, 10), uploadLimit); err != nil {
		return err
	}
	name, body, err := readFile(c.r)
	if err != nil {
		return err
	}
	name, kind := s.Files.Named(name, body)
	f, err := s.Visitors.Upload(c.ctx(), c.visitor, c.inbox, name, kind, body)
	if err != nil {
		return fault.Wrap(op, err)
	}
	return c.say(http.StatusCreated, file{ID: f.ID, Name: f.Name, ContentType: f.ContentType, Size: f.Size})
}

func (s *Server) mark(c *call) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	in, err := read[struct {
		Delivered int64 `json:"delivered_position"`
		Seen      int64 `json:"seen_position"`
	}](c)
	if err != nil {
		return err
	}
	at, err := s.Visitors.Mark(c.ctx(), c.visitor, id, visitor.Marks(in))
	if err != nil {
		return err
	}
	s.tellGuest(c, live.GuestNews{About: "marks", Guest: live.Guest{ConversationID: id, DeliveredPosition: at.DeliveredPosition, SeenPosition: at.SeenPosition}})
	return c.nothing(http.StatusNoContent)
}

func (s *Server) typing(c *call) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	in, err := read[struct {
		Typing bool `json:"typing"`
	}](c)
	if err == nil {
		err = s.Visitors.May(c.ctx(), c.visitor, id)
	}
	if err != nil {
		return err
	}
	s.tellGuest(c, live.GuestNews{About: "typing", Guest: live.Guest{ConversationID: id, Typing: in.Typing}})
	return c.nothing(http.StatusNoContent)
}

// tellGuest tells teammates what the visitor of a request does.
func (s *Server) tellGuest(c *call, news ...live.GuestNews) {
	for i := range news {
		news[i].WorkspaceID, news[i].InboxID = c.inbox.WorkspaceID, c.inbox.ID
	}
	live.TellGuests(s.Bus, news...)
}

func (s *Server) person(c *call) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	if _, err := read[struct{}](c); err != nil && c.r.ContentLength != 0 {
		return err
	}
	if err := s.Visitors.AskPerson(c.ctx(), c.visitor, id); err != nil {
		return err
	}
	return c.nothing(http.StatusNoContent)
}

func (s *Server) transcript(c *call) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	in, err := read[struct {
		Email string `json:"email"`
	}](c)
	if err != nil && c.r.ContentLength != 0 {
		return err
	}
	if err := s.Visitors.MailTranscript(c.ctx(), c.visitor, c.inbox, id, strings.TrimSpace(in.Email)); err != nil {
		return err
	}
	return c.nothing(http.StatusAccepted)
}
