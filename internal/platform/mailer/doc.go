// Package mailer writes the product's own letters (invitations, password
// resets, notices to administrators) in the reader's language and hands them
// to a sender, which app provides: the inbox that the workspace has chosen.
//
// Without such an inbox a letter is not sent and the caller is told so: the
// screen then shows the link to copy. Logs never hold an address, a link or a
// token.
//
// The words are in letters/*.json, one file a language.
package mailer
