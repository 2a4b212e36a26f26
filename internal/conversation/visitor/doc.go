// Package visitor is the other side of a chat: the people on the company's
// site.
//
// Nouns: Visitor, a browser with a token; Site, the chat as its page shows it;
// Message and Conversation as a visitor sees them; Marks, how far a visitor has
// got and read.
//
// Verbs: Site, Hit, Installation, Arrive, Authenticate, Identify, Change, Leave,
// Conversations, Conversation, Messages, Message, Write, Upload, Mark, AskPerson,
// MailTranscript, Chat (for teammates), and the mail of unseen answers.
//
// Events: conversation.person, conversation.mailed.
//
// Promises: a visitor's token is bound to an inbox and a site, stored as a hash,
// and ends for good; nothing is known of a visitor who has not written but what
// the page said; a typed address joins nobody; what a company signs makes one
// anonymous person known and never joins two known ones; a visitor reads only
// the conversations of this chat that they began, or that the same known person
// began; one function decides which messages of them (see visible): no notes,
// nothing held or taken back, nobody else's mail; a message with a client id
// is placed once; an answer goes by mail once, and only while it is unseen, also
// one that was let go when newer words had been seen.
//
// It stands beside conversation and not in channel/chat, because it needs
// contacts and conversations, which an adapter may not see (ADR 10).
//
// Transactions lock in this order: visitor, contact, conversation, chat.
package visitor
