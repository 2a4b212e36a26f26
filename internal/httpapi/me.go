package httpapi

import "github.com/danielgtaylor/huma/v2"

type MeChange struct {
	Name      *string `json:"name,omitempty"`
	Language  *string `json:"language,omitempty" enum:"en,ko,pl"`
	TimeZone  *string `json:"time_zone,omitempty"`
	Signature *string `json:"signature,omitempty"`
	Theme     *string `json:"theme,omitempty" enum:"system,light,dark"`
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
	add(s, route{method: "GET", path: "/me", id: "me", summary: "Who I am and what I may do", tag: tag}, todo[None, Body[Me]])
	add(s, route{method: "PATCH", path: "/me", id: "change-me", summary: "Change my profile", tag: tag}, todo[With[MeChange], Body[Me]])
	add(s, route{method: "PUT", path: "/me/password", id: "change-password", summary: "Change my password", tag: tag}, todo[With[PasswordChange], None])
	add(s, route{method: "PUT", path: "/me/photo", id: "change-photo", summary: "Set my photo", tag: tag, upload: true}, todo[fileInput, Body[Me]])
	add(s, route{method: "DELETE", path: "/me/photo", id: "delete-photo", summary: "Remove my photo", tag: tag}, todo[None, None])
	add(s, route{method: "POST", path: "/me/totp", id: "begin-totp", summary: "Begin a second step for signing in", tag: tag}, todo[None, Body[TOTPStart]])
	add(s, route{method: "PUT", path: "/me/totp", id: "confirm-totp", summary: "Turn the second step on", tag: tag}, todo[With[TOTPCode], Body[RecoveryCodes]])
	add(s, route{method: "DELETE", path: "/me/totp", id: "disable-totp", summary: "Turn the second step off", tag: tag}, todo[codeQuery, None])
}
