// Package node is who serves a database, and what each of them does alone.
//
// Every serving process is a node: a row that it renews every ten seconds, and
// that is worth nothing thirty seconds after the last time. A thing that only
// one may do at a time (reading a mailbox) has a lease, which belongs to a
// node, is renewed with it, and ends with it. Who stops hands its leases on at
// once; who is killed or sleeps loses them by time. A lease that has changed
// hands has another generation.
//
// A lease says who should work, not who may write: between the moment a node
// loses it and the moment it notices, two may believe in it. What they write
// is fenced where it is written, by a generation or a compare-and-set.
package node
