package httpapi

import (
	"bytes"
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"
)

// settings of the framework: nothing is served, linked or added besides the
// operations, and every answer passes last.
func settings(last huma.Transformer) huma.Config {
	c := huma.DefaultConfig("Rapport", "v1")
	c.Info.Description = "Self-hosted customer service. Times are RFC 3339, ids plain numbers, unknown fields are refused, " +
		"lists answer items and next_cursor, errors are problem documents (RFC 9457). Words for people are in the language of whoever is signed in; a key asks with Accept-Language."
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.CreateHooks, c.Transformers = nil, []huma.Transformer{last}
	c.RejectUnknownQueryParameters = true
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"key":    {Type: "http", Scheme: "bearer", Description: "An API key: rap_…"},
		"cookie": {Type: "apiKey", In: "cookie", Name: "rapport", Description: "The session of a browser; requests that change something also need the header X-Rapport: 1."},
	}
	return c
}

// OpenAPI describes the operations, as api/openapi.json holds it. It needs no
// database.
func OpenAPI() ([]byte, error) {
	s := described()
	raw, err := json.Marshal(s.operations.OpenAPI())
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}
