// Package form is the channel of contact forms: a page of ours that anybody
// may open, alone or in a frame of the company's site, and that becomes a
// conversation. Answers leave by mail.
//
// Nouns: form, field, submission, reference. A submission is kept (channel.
// Accept) before its sender is told so, exactly once: its source key is the
// token of the page it was typed in. What a page sends twice is taken once.
//
// Nothing is ever sent to an address because somebody typed it: the reference
// is shown on the page, and only a person's answer leaves by mail.
package form
