// Package blob keeps bytes that came from outside or go there: attachments,
// raw mails, pictures.
//
// A body of up to Inline bytes lives in a table and commits with its owner. A
// larger one lives in a Backend (a folder, or S3) under its workspace and
// SHA-256 and is on the disk before a row names it. Equal bodies are kept once
// in a workspace and never shared between workspaces.
//
// The way in has two steps, because a transaction does no hashing and no file
// I/O: Stage outside of it, Bind or BindTo inside of it. Put does both.
//
// A blob lives while something references it (Ref), and Grace beyond. Blobs
// and bodies both have a column idle_since, 0 meaning "in use": references
// keep a blob in use, blobs keep a body in use. Who begins to use a row sets
// the column to 0 in the transaction that counts on it; who removes a row does
// so only while it is idle; the lock on the row decides between them. A body
// in a Backend is first marked doomed, then deleted there, then forgotten, and
// its key holds an id that is never used again: whoever needs the same body
// meanwhile gets a new copy.
package blob
