package httpapi

import (
	"context"
	"time"

	"rapport/internal/conversation/acknowledgement"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
)

// Acknowledgement is whether an e-mail inbox tells who wrote that their mail has
// come, and in which words.
type Acknowledgement struct {
	On       bool                  `json:"on"`
	Language string                `json:"language" enum:"en,ko,pl" doc:"For customers whose language is none of these."`
	Texts    []AcknowledgementText `json:"texts"`
}

// AcknowledgementText is what it says in one language.
type AcknowledgementText struct {
	Language string `json:"language" enum:"en,ko,pl"`
	Text     string `json:"text" maxLength:"20000" doc:"With {{customer.name|there}}, {{customer.first_name|there}}, {{conversation.number}} and {{inbox.name}}. Empty: the words it comes with."`
	Shipped  string `json:"shipped,omitempty" doc:"The words it comes with; ignored when sent."`
}

// NewAcknowledgementPreview asks what somebody would get.
type NewAcknowledgementPreview struct {
	Language string `json:"language" enum:"en,ko,pl"`
	Text     string `json:"text" maxLength:"20000"`
	Name     string `json:"name" maxLength:"200"`
}

type AcknowledgementPreview struct {
	Subject string `json:"subject"`
	Text    string `json:"text"`
}

// Silence is a time in which nothing automatic leaves into a conversation.
type Silence struct {
	Cause     string     `json:"cause" enum:"none,flood,exchange" doc:"flood: much came in at once. exchange: a machine answers what we send."`
	Until     *time.Time `json:"until" doc:"null: automatic mail leaves as always"`
	Elsewhere bool       `json:"elsewhere" doc:"It began in another conversation of the customer."`
}

func (s *Server) acknowledgementRoutes() {
	const tag, path = "Inboxes", "/inboxes/{id}/acknowledgement"
	operation.Add(s.operations, operation.Route{Method: "GET", Path: path, ID: "read-acknowledgement", Summary: "What an e-mail inbox answers by itself", Tag: tag}, s.acknowledgement)
	operation.Add(s.operations, operation.Route{Method: "PUT", Path: path, ID: "set-acknowledgement", Summary: "Set what an e-mail inbox answers by itself", Tag: tag}, s.setAcknowledgement)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/conversations/{id}/silence", ID: "read-silence", Summary: "Whether automatic mail is off", Tag: "Conversations"}, s.silence)
	operation.Add(s.operations, operation.Route{Method: "DELETE", Path: "/conversations/{id}/silence", ID: "end-silence", Summary: "Let automatic mail leave again", Tag: "Conversations"}, s.endSilence)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: path + "/preview", ID: "preview-acknowledgement", Summary: "What a customer would get", Tag: tag}, s.previewAcknowledgement)
}

func acknowledgementAnswer(v acknowledgement.Settings, err error) (*shape.Body[Acknowledgement], error) {
	return shape.One(Acknowledgement{On: v.On, Language: v.Language, Texts: shape.Each(acknowledgement.Languages, func(language string) AcknowledgementText {
		return AcknowledgementText{language, v.Texts[language], acknowledgement.Shipped(language)}
	})}), err
}

func (s *Server) acknowledgement(ctx context.Context, in *shape.ByID) (*shape.Body[Acknowledgement], error) {
	return acknowledgementAnswer(s.Acknowledgements.Settings(ctx, gate.Actor(ctx), in.ID))
}

func (s *Server) setAcknowledgement(ctx context.Context, in *shape.On[Acknowledgement]) (*shape.Body[Acknowledgement], error) {
	texts := map[string]string{}
	for _, t := range in.Body.Texts {
		texts[t.Language] = t.Text
	}
	return acknowledgementAnswer(s.Acknowledgements.Change(ctx, gate.Actor(ctx), acknowledgement.Settings{InboxID: in.ID, On: in.Body.On, Language: in.Body.Language, Texts: texts}))
}

func (s *Server) previewAcknowledgement(ctx context.Context, in *shape.On[NewAcknowledgementPreview]) (*shape.Body[AcknowledgementPreview], error) {
	b := in.Body
	subject, text, err := s.Acknowledgements.Preview(ctx, gate.Actor(ctx), in.ID, b.Language, b.Text, b.Name)
	return shape.One(AcknowledgementPreview{subject, text}), err
}

func (s *Server) silence(ctx context.Context, in *shape.ByID) (*shape.Body[Silence], error) {
	v, err := s.Acknowledgements.Silence(ctx, gate.Actor(ctx), in.ID)
	if v == nil {
		return shape.One(Silence{Cause: "none"}), err
	}
	return shape.One(Silence{v.Cause, &v.Until, v.ConversationID != in.ID}), err
}

func (s *Server) endSilence(ctx context.Context, in *shape.ByID) (*shape.None, error) {
	return nil, s.Acknowledgements.EndSilence(ctx, gate.Actor(ctx), in.ID)
}
