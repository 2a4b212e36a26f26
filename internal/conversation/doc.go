// Package conversation is the work: everything between one customer and the
// company about one thing.
//
// Nouns: Conversation; Message (inbound, reply, note), at a dense position;
// Participant, who takes part (participant says how far they are trusted). How many
// stand in each view is in tally, which index a list reads in listing, what leaves is
// composed in compose, what is begun is in draft; what messages said that carry a
// credential is in masking, whom forwarded mails name as their sender in original.
//
// Verbs: Receive, Reply, WriteAutomatic, Note, Forward, Start, CancelHold, Reschedule,
// RetryDelivery, Assign, SetStatus, SetPriority, SetSubject, SetTags, SetContact, MarkSpam, Snooze,
// Wake, MarkRead, Get, List, Messages, History, Delete,
// OpenWork, HandOver, Reveal, TakeOriginal, DeclineOriginal.
//
// Events: see event.go. They carry ids and codes, never text, names or
// addresses.
//
// Promises: a message is placed by evidence alone, never by its subject, so
// two customers' conversations are never joined; the same message is placed
// once; positions are dense; a message, its way out and its event are one
// transaction; a verb touches only what the actor can see, and everything else
// is NotFound; lists are paged by key and cost the same at any depth.
//
// Transactions lock in this order: contact, conversation, the rest.
package conversation
