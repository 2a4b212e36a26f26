// Package notification tells agents what concerns them, where they want to be
// told, and once.
//
// Nouns: Notification, something that happened and concerns one agent; Group, the
// notifications of one conversation; Settings, which events reach an agent on
// which ways, and the hours in which none but the screen may speak; Subscription,
// a browser that is told while it is closed.
//
// Verbs: List, Unseen, See, Settings, Change, Preview, Subscribe, Subscriptions,
// Unsubscribe, Try, and the Reader of the log that writes.
//
// Events: none. Who was told is not part of the log; it is news of one agent and
// travels on the bus (see News).
//
// Promises: nobody is told of what they did themselves, nor of what they may not
// see, neither when it happens nor when it is read or sent; one event concerns an
// agent once. What was seen anywhere is seen everywhere, and is neither pushed nor
// mailed after that. A push waits ten seconds, a mail until it has been quiet; both
// are jobs that look again before they send, and what is said is put into words
// only then. In quiet hours nothing leaves: pushes are dropped, mails wait.
//
// Transactions lock in the order of conversation.
package notification
