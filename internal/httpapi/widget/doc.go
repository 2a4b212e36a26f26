// Package widget is the API of the chat on a company's site, under /widget/v1,
// and the live stream of its visitors.
//
// A request is let in by its site first: the origin that the browser names must
// be one the chat allows, or our own. Then by the visitor's token, which is
// bound to that site. There are no cookies, and none would be looked at.
//
// What a visitor may see is decided in conversation/visitor, once; the stream
// reads the log like live does and asks there before it shows anything. It
// carries no ids, names or numbers of anybody else.
package widget
