// Package stream carries frames to the far end of a connection: a WebSocket, or
// server-sent events where sockets do not pass. What the frames say and who may
// have them is for live (teammates) and widget (visitors) to decide.
//
// It also follows the log for them, whenever the bus rings.
//
// A listener costs no goroutine for writing while nothing happens, and a slow
// one holds up nobody: what waits for it is bounded.
package stream
