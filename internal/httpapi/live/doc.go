// Package live brings the event log to open screens as it grows.
//
// The log is the stream: a screen resumes by a sealed cursor over epoch and
// seq, and what it missed is read from the log, not from memory. The bus only
// rings. Every event is checked against what the listener may see now; rights
// that end close or refilter a stream within seconds. A listener that is slow,
// or that missed too much, is told to load everything again.
//
// Presence, and news for one's own other windows, travel on the bus alone and
// may be lost.
package live
