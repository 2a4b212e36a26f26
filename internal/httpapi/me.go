package httpapi

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"rapport/internal/account"
	"rapport/internal/httpapi/files"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/fault"
)

type MeChange struct {
	Name          *string `json:"name,omitempty"`
	Language      *string `json:"language,omitempty" enum:"en,ko,pl"`
	TimeZone      *string `json:"time_zone,omitempty"`
	Signature     *string `json:"signature,omitempty" doc:"Counts when there is no signature_html."`
	SignatureHTML *string `json:"signature_html,omitempty"`
	PublicName    *string `json:"public_name,omitempty"`
	Theme         *string `json:"theme,omitempty" enum:"system,light,dark"`
}

type PasswordChange struct {
	Current string `json:"current" maxLength:"1000"`
	New     string `json:"new" maxLength:"1000"`
}

type fileInput struct {
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true"`
	}]
}

type TOTPStart struct {
	Secret string `json:"secret"`
	URI    string `json:"uri" doc:"The otpauth address, as apps read it from a QR code."`
}

type TOTPCode struct {
	Code string `json:"code" maxLength:"100"`
}

type RecoveryCodes struct {
	RecoveryCodes []string `json:"recovery_codes" doc:"Shown once."`
}

type codeQuery struct {
	Code string `query:"code" maxLength:"100"`
}

func (s *Server) meRoutes() {
	const tag = "Me"
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/me", ID: "me", Summary: "Who I am and what I may do", Tag: tag}, s.me)
	operation.Add(s.operations, operation.Route{Method: "PATCH", Path: "/me", ID: "change-me", Summary: "Change my profile", Tag: tag}, s.changeMe)
	operation.Add(s.operations, operation.Route{Method: "PUT", Path: "/me/password", ID: "change-password", Summary: "Change my password", Tag: tag}, s.changePassword)
	operation.Add(s.operations, operation.Route{Method: "PUT", Path: "/me/photo", ID: "change-photo", Summary: "Set my photo", Tag: tag, Upload: true}, s.changePhoto)
	operation.Add(s.operations, operation.Route{Method: "DELETE", Path: "/me/photo", ID: "delete-photo", Summary: "Remove my photo", Tag: tag}, s.deletePhoto)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/me/totp", ID: "begin-totp", Summary: "Begin a second step for signing in", Tag: tag}, s.beginTOTP)
	operation.Add(s.operations, operation.Route{Method: "PUT", Path: "/me/totp", ID: "confirm-totp", Summary: "Turn the second step on", Tag: tag}, s.confirmTOTP)
	operation.Add(s.operations, operation.Route{Method: "DELETE", Path: "/me/totp", ID: "disable-totp", Summary: "Turn the second step off", Tag: tag}, s.disableTOTP)
}

func (s *Server) me(ctx context.Context, _ *shape.None) (*shape.Body[Me], error) {
	me, err := s.meOf(ctx, gate.Actor(ctx))
	return shape.One(me), err
}

func (s *Server) meOf(ctx context.Context, actor account.Actor) (Me, error) {
	cursor, err := s.hub.Now(ctx, actor.WorkspaceID)
	if err != nil {
		return Me{}, err
	}
	agent, err := s.Accounts.Agent(ctx, actor.WorkspaceID, actor.AgentID)
	if err != nil {
		return Me{}, err
	}
	workspace, err := s.Accounts.Workspace(ctx, actor.WorkspaceID)
	me := Me{
		Agent: s.agentOf(agent), Workspace: MyPlace{workspace.ID, workspace.Name},
		Permissions: shape.Filled(account.Permissions(actor.Role)), Demo: s.Demo, Version: s.Version, Cursor: cursor,
	}
	me.Agent.Theme = agent.Theme
	return me, err
}

func (s *Server) changeMe(ctx context.Context, in *shape.With[MeChange]) (*shape.Body[Me], error) {
	b := in.Body
	_, err := s.Accounts.UpdateProfile(ctx, gate.Actor(ctx), account.ProfileChange{
		Name: b.Name, Language: b.Language, TimeZone: b.TimeZone, Signature: richOf(b.Signature, b.SignatureHTML), PublicName: b.PublicName, Theme: b.Theme,
	})
	if err != nil {
		return nil, err
	}
	return s.me(ctx, nil)
}

func (s *Server) changePassword(ctx context.Context, in *shape.With[PasswordChange]) (*shape.None, error) {
	return nil, s.Accounts.ChangePassword(ctx, gate.Actor(ctx), in.Body.Current, in.Body.New)
}

// maxPhoto is more than a photo of a face needs.
const maxPhoto = 5 << 20

func (s *Server) changePhoto(ctx context.Context, in *fileInput) (*shape.Body[Me], error) {
	body, _, err := in.read(maxPhoto)
	if err != nil {
		return nil, err
	}
	if !files.Picture(body) {
		return nil, fault.InvalidField("httpapi.changePhoto", "file", "This is not a picture that browsers can show. Use PNG, JPEG, GIF or WebP.")
	}
	if err := s.setPhoto(ctx, body); err != nil {
		return nil, err
	}
	return s.me(ctx, nil)
}

func (s *Server) deletePhoto(ctx context.Context, _ *shape.None) (*shape.None, error) {
	return nil, s.setPhoto(ctx, nil)
}

// setPhoto replaces the caller's photo; no body takes it away.
func (s *Server) setPhoto(ctx context.Context, body []byte) error {
	actor := gate.Actor(ctx)
	var staged blob.Staged
	if body != nil {
		var err error
		if staged, err = s.Blobs.Stage(ctx, actor.WorkspaceID, body); err != nil {
			return err
		}
		staged.ContentType = files.Sniff(body)
	}
	return s.Store.Within(ctx, func(ctx context.Context) (err error) {
		id := int64(0)
		if body != nil {
			if id, err = s.Blobs.Bind(ctx, staged); err != nil {
				return err
			}
		}
		_, err = s.Accounts.UpdateProfile(ctx, actor, account.ProfileChange{PhotoID: &id})
		return err
	})
}

func (s *Server) beginTOTP(ctx context.Context, _ *shape.None) (*shape.Body[TOTPStart], error) {
	start, err := s.Accounts.BeginTOTP(ctx, gate.Actor(ctx))
	return shape.One(TOTPStart{start.Secret, start.URI}), err
}

func (s *Server) confirmTOTP(ctx context.Context, in *shape.With[TOTPCode]) (*shape.Body[RecoveryCodes], error) {
	codes, err := s.Accounts.ConfirmTOTP(ctx, gate.Actor(ctx), in.Body.Code)
	return shape.One(RecoveryCodes{shape.Filled(codes)}), err
}

func (s *Server) disableTOTP(ctx context.Context, in *codeQuery) (*shape.None, error) {
	return nil, s.Accounts.DisableTOTP(ctx, gate.Actor(ctx), in.Code)
}
