// Package secret keeps the one master key and what is derived from it: boxes
// that seal values for the database, MACs for links and cursors, and the
// fingerprint by which a database knows its key.
//
// Every use names a purpose and gets a key of its own (HKDF-SHA256), so nothing
// sealed or signed for one purpose is valid for another. A sealed value is also
// bound to its table and row: copied elsewhere it does not open.
package secret
