// Package webpush brings short messages to browsers that are closed: it encrypts
// for one browser (RFC 8291), shows who sends (VAPID, RFC 8292), and posts to the
// push service that the browser named (RFC 8030).
//
// A push service is somebody else's machine and its address comes from a browser,
// so the client given to New must be one of platform/outbound. What it answers is
// one of the faults below; nothing is tried again here.
package webpush
