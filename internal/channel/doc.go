// Package channel is the contract every channel fulfils and the two roads all
// of them share.
//
// The way in: a door calls Accept with raw bytes; bytes, Receipt and a job are
// committed together, and only then does the door tell the sender so. The job
// has the channel's Adapter parse the bytes outside any transaction and hands
// the Inbound to the Receiver (conversation) in the one transaction that also
// ends the receipt. A receipt always ends applied, rejected (with a reason) or
// quarantined, where an administrator sees it and can replay it.
//
// The way out: Enqueue writes a held row in the transaction of the message. When
// its hold ends a job composes and builds the bytes once and stores them; a
// second job sends exactly those bytes until every recipient has them or has
// failed for good. Each change of state is an event message.delivery.
//
// Where an answer leaves by is WayOut: through its inbox to addresses, in place
// (a chat), or by mail from another inbox (a form), whose signed reply address
// leads the customer's mail back into the conversation.
//
// Nouns: Inbox, Receipt, Inbound, Outbound, Delivery. Events: inbox.changed,
// receipt.quarantined, message.delivery.
package channel
