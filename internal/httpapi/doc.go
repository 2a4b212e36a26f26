// Package httpapi is the product over HTTP: typed operations under /api/v1,
// live updates, and the description of both (openapi.json).
//
// One file per noun holds what goes in, what comes out and the handlers, which
// decode, call one verb of a room, and encode. Rules live in the rooms.
//
// Promises: every refusal is a problem document with a request id; what is
// outside the caller's workspace or sight is not found; a request that comes
// with a cookie and changes something must prove that our own pages sent it;
// unknown fields are refused; nothing a caller sent is echoed in an error.
package httpapi
