// Package outreach writes to customers who have not asked: what is sent to many.
// Nothing on screen sends any yet; here stands what every such mail must have
// before the first one leaves.
//
// Nouns: News, one mail of those that go to many, to one person; the way out of
// it, a page and an address that are that person's alone.
//
// Verbs: Send, Sender and Unsubscribe for the page, Receive for mails that come
// to the address.
//
// Promises: each recipient gets a mail of their own with a way out (RFC 8058);
// who has taken it gets no more, by whichever way and however often they take it,
// and keeps getting answers to what they ask; an address that automatic mail
// stays away from gets none either; nothing that a proof does not name can be
// taken out, and asking for the page takes nobody out.
package outreach
