// Package oauth signs in at mailboxes whose providers want OAuth 2 instead of a
// password (RFC 6749): a person lets Rapport in at the provider once, and from
// then on short-lived tokens open the mailbox.
//
// Nouns: App, what a company has registered at a provider; Authorization, the
// leave to read and send the mail of one mailbox; attempt, a person on the way
// to the provider and back.
//
// Promises: an attempt is bound to the session that began it, works once, within
// a quarter of an hour, and only with its secret verifier (PKCE, RFC 7636). A
// token is handed out for the provider's own mail servers alone. It is renewed
// before it ends and when a server refuses it, by one node at a time, so that a
// renewal token which changes with each use is never used twice. Only the
// provider's own word that the leave has ended loses an authorization, which is
// told once; a server that does not answer loses nothing. What no inbox needs any
// more is given back to the provider, at its own host alone, as far as it has a
// way; nothing waits for that. Tokens and secrets are
// sealed, and stand in no log and no answer.
package oauth
