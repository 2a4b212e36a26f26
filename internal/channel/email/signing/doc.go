// Package signing keeps the DKIM keys of inboxes' domains and signs with them.
//
// Promises: a key signs only after its line was seen in the DNS, so one that is
// not published harms no mail; a name server that does not answer changes
// nothing. A new key stands beside the old one, which goes on signing until the
// line of the new one is seen. Secret parts are sealed, and leave the database
// only to sign. What cannot be signed leaves unsigned.
package signing
