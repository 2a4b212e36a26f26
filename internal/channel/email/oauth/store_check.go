package oauth

import (
	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
)

// Checks are what always holds of the sign-ins at mail providers.
func Checks(d Store) []doctor.Check {
	return []doctor.Check{
		{Name: "authorizations.app", Says: "every sign-in at a mail provider has its app, and its tokens while it counts", Find: db.Finds(d,
			`SELECT 'authorization ' || x.id || ' has no app' FROM oauth_authorizations x
			WHERE NOT EXISTS (SELECT 1 FROM oauth_apps p WHERE p.workspace_id = x.workspace_id AND p.id = x.app_id)
			UNION ALL SELECT 'authorization ' || x.id || ' is ' || x.state || ' without tokens' FROM oauth_authorizations x
			WHERE x.state NOT IN ('asked', 'given', 'lost') OR x.state = 'given' AND LENGTH(x.secret) = 0`)},
	}
}
