// Package acknowledgement tells who has written a mail that it has arrived.
//
// Nouns: Settings, whether an inbox acknowledges and in which words; Caps, how
// many acknowledgements may leave.
//
// Verbs: Settings, Change, Preview, and the Reader of the log that writes.
//
// Events: inbox.acknowledgement; message.automatic is conversation's.
//
// Promises: only a person's mail that begins a conversation is acknowledged,
// once, and to its sender alone; nothing that the sender wrote is repeated, but
// for a name whose address is proven; machines, lists, our own inboxes and
// addresses that were only typed get none (see refused); an address gets one a
// day from an inbox, so two servers that answer each other stop; what is over a
// cap waits with its reason or stays unwritten, and the message it would have
// acknowledged is untouched. Where 20 mails come into a conversation in 10 minutes,
// or an address answers by machine 5 times in an hour, nothing automatic leaves
// into that conversation or to that sender for a day, and administrators hear of
// it once; every conversation of that sender shows it.
//
// Transactions lock in the order of conversation.
package acknowledgement
