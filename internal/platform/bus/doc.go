// Package bus is a bell: it tells whoever listens, in this process or on other
// nodes, that there is news ("workspace 7 has news", "agent 5 is typing").
//
// The bell may be lost; the event log may not. A message that finds a full
// queue pushes out the oldest one, and a message equal to the last one waiting
// is dropped. So a message says what is, never what changed by how much, and
// nobody keeps the only copy of anything on the bus.
//
// Local rings in one process; NATS rings there and on all nodes of the
// installation.
package bus
